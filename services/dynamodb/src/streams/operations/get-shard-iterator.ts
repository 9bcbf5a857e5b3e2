/** Says where in a shard reading begins. */
import { type Call, operation } from '@stormglass/service-kit';
import type { StreamsClient, StreamsDeps } from '../deps.ts';
import { invalid, noSuchShard, trimmed } from '../errors.ts';
import { findStream } from '../find-stream.ts';
import { onNamedStream } from '../permissions.ts';
import { encodeIterator, FROM_OLDEST } from '../shard-iterator.ts';
import { numberOfRecord, placeOfShard } from '../shard-names.ts';
import { type FoundShard, freshened, shardAt } from '../shards.ts';

export const getShardIterator = operation<StreamsClient, 'GetShardIterator', StreamsDeps>({
  name: 'GetShardIterator',
  state: 'local-read',
  permission: onNamedStream,
  isDataEvent: true,
  async handle({ StreamArn, ShardId, ShardIteratorType: type, SequenceNumber }, call, deps) {
    const isByNumber = type === 'AT_SEQUENCE_NUMBER' || type === 'AFTER_SEQUENCE_NUMBER';
    if (isByNumber && SequenceNumber === undefined)
      throw invalid(`SequenceNumber is required with ShardIteratorType ${type}`);
    if (!isByNumber && SequenceNumber !== undefined)
      throw invalid(`SequenceNumber must not be specified with ShardIteratorType ${type}`);
    const stream = await findStream(deps, call, StreamArn);
    const shard = await findShard(deps, call, stream.id, ShardId, type === 'LATEST');
    const { partition, first } = shard;
    const next = isByNumber
      ? numberIn(shard, SequenceNumber!) + (type === 'AFTER_SEQUENCE_NUMBER' ? 1 : 0)
      : type === 'LATEST'
        ? shard.next
        : FROM_OLDEST;
    if (isByNumber && next < shard.oldest) throw trimmed();
    return { ShardIterator: encodeIterator({ stream: StreamArn, partition, first, next }, call.now) };
  },
});

/** @param isFresh what was changed before this call is in it, unless a quorum is missing */
async function findShard(
  deps: StreamsDeps,
  call: Call,
  stream: number,
  id: string,
  isFresh: boolean,
): Promise<FoundShard> {
  const place = placeOfShard(id);
  if (place === undefined) throw noSuchShard(id);
  const here = shardAt(deps, stream, place);
  if (here !== undefined && !isFresh) return here;
  await freshened(deps, call, here && [deps.cellReplicas.get(here.cell)!]);
  const found = shardAt(deps, stream, place);
  if (found === undefined) throw noSuchShard(id);
  return found;
}

/** @throws AwsError when the shard cannot have such a record. One that this zone does not have yet it may well have. */
function numberIn({ partition, first, next, closed }: FoundShard, sequence: string): number {
  const found = numberOfRecord(sequence);
  const isIn = found?.partition === partition && found.seq >= first;
  if (!isIn || (closed !== undefined && found.seq > Math.max(first, next - 1)))
    throw invalid(`Invalid SequenceNumber: ${sequence} is not in the shard`);
  return found.seq;
}
