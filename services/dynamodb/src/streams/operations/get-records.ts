/** Reads records of a shard, in their order, from where an iterator stands. */
import { type Call, operation } from '@stormglass/service-kit';
import type { StreamsClient, StreamsDeps } from '../deps.ts';
import { checkLimit, trimmed } from '../errors.ts';
import { findStream } from '../find-stream.ts';
import { onIteratedStream } from '../permissions.ts';
import { decodeIterator, encodeIterator, FROM_OLDEST, type ShardIterator } from '../shard-iterator.ts';
import { type FoundShard, freshened, shardAt } from '../shards.ts';
import { shownRecord } from '../shown-record.ts';

const LIMIT = 1000;
const BYTES_MAX = 1024 * 1024;

export const getRecords = operation<StreamsClient, 'GetRecords', StreamsDeps>({
  name: 'GetRecords',
  state: 'local-read',
  permission: onIteratedStream,
  isDataEvent: true,
  async handle({ ShardIterator: given, Limit = LIMIT }, call, deps) {
    checkLimit(Limit, LIMIT);
    const iterator = decodeIterator(given, call.now);
    const stream = await findStream(deps, call, iterator.stream);
    const shard = await findShard(deps, call, stream.id, iterator);
    // Known to the zone that gave the iterator, and not to this one, which cannot catch up.
    if (shard === undefined) return { Records: [], NextShardIterator: encodeIterator(iterator, call.now) };
    const from = iterator.next === FROM_OLDEST ? shard.oldest : iterator.next;
    if (from < shard.oldest) throw trimmed();
    const { cell, partition } = shard;
    const count = Math.max(0, Math.min(Limit, shard.next - from));
    const records = deps.cellReplicas.get(cell)!.view.records(partition, stream.id, from, count, BYTES_MAX);
    const next = records.length === 0 ? from : records.at(-1)!.seq + 1;
    const isEnd = shard.closed !== undefined && next >= shard.next;
    return {
      Records: records.map(record => shownRecord(shard, record, call.region)),
      ...(!isEnd && { NextShardIterator: encodeIterator({ ...iterator, next }, call.now) }),
    };
  },
});

/** @throws AwsError when it was removed with all of its records */
async function findShard(
  deps: StreamsDeps,
  call: Call,
  stream: number,
  iterator: ShardIterator,
): Promise<FoundShard | undefined> {
  const here = shardAt(deps, stream, iterator);
  if (here !== undefined) return here;
  const isUpToDate = await freshened(deps, call);
  const found = shardAt(deps, stream, iterator);
  if (found === undefined && isUpToDate) throw trimmed();
  return found;
}
