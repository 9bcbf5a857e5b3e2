/** Shows a stream and its shards, with those that each of them follows. */
import type { Shard as SdkShard, StreamStatus } from '@aws-sdk/client-dynamodb-streams';
import { operation } from '@stormglass/service-kit';
import type { StreamRecord } from '@stormglass/table-catalogue';
import { streamArn } from '../../names.ts';
import { shownKeys } from '../../shapes.ts';
import type { StreamsClient, StreamsDeps } from '../deps.ts';
import { checkLimit, invalid } from '../errors.ts';
import { findStream } from '../find-stream.ts';
import { onNamedStream } from '../permissions.ts';
import { sequenceNumber } from '../shard-names.ts';
import { freshened, type ListedShard, shardsOf } from '../shards.ts';

const LIMIT = 100;

export const describeStream = operation<StreamsClient, 'DescribeStream', StreamsDeps>({
  name: 'DescribeStream',
  state: 'strong-read',
  permission: onNamedStream,
  async handle({ StreamArn, Limit, ExclusiveStartShardId: after = '', ShardFilter }, call, deps) {
    checkLimit(Limit, LIMIT);
    if (ShardFilter !== undefined && (ShardFilter.Type === undefined || ShardFilter.ShardId === undefined))
      throw invalid('ShardFilter must have both a Type and a ShardId');
    const stream = await findStream(deps, call, StreamArn);
    await freshened(deps, call);
    const all = shardsOf(deps, stream.id, call.now);
    const wanted = all.filter(
      ({ id, parent }) => id > after && (ShardFilter === undefined || parent === ShardFilter.ShardId),
    );
    const page = wanted.slice(0, Limit ?? LIMIT);
    return {
      StreamDescription: {
        StreamArn: streamArn(call, stream, stream.label),
        StreamLabel: stream.label,
        StreamStatus: statusOf(stream, all, deps),
        StreamViewType: stream.view,
        CreationRequestDateTime: new Date(stream.enabledAt),
        TableName: stream.tableName,
        KeySchema: shownKeys(stream),
        Shards: page.map(shownShard),
        ...(page.length < wanted.length && { LastEvaluatedShardId: page.at(-1)!.id }),
      },
    };
  },
});

function shownShard({ id, parent, partition, first, next, closed }: ListedShard): SdkShard {
  return {
    ShardId: id,
    SequenceNumberRange: {
      StartingSequenceNumber: sequenceNumber(partition, first),
      // The first number of a shard that got no records is no other one's.
      ...(closed !== undefined && { EndingSequenceNumber: sequenceNumber(partition, Math.max(first, next - 1)) }),
    },
    ...(parent !== undefined && { ParentShardId: parent }),
  };
}

/** A stream is enabled once every partition of its table has a shard, and disabled once all of them are closed. */
function statusOf(
  { accountId, tableName, tableId, endedAt }: StreamRecord,
  shards: readonly ListedShard[],
  { catalogue }: StreamsDeps,
): StreamStatus {
  if (endedAt !== undefined) return shards.every(({ closed }) => closed !== undefined) ? 'DISABLED' : 'DISABLING';
  const table = catalogue.view.table(accountId, tableName);
  if (table?.id !== tableId) return 'DISABLING';
  const begun = new Set(shards.map(({ partition }) => partition));
  return table.partitions.every(({ id }) => begun.has(id)) ? 'ENABLED' : 'ENABLING';
}
