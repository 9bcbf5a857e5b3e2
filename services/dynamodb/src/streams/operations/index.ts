/** Every operation of DynamoDB Streams, and where the service as a whole differs from AWS. */
import type { AnyOperation } from '@stormglass/service-kit';
import type { StreamsDeps } from '../deps.ts';
import { describeStream } from './describe-stream.ts';
import { getRecords } from './get-records.ts';
import { getShardIterator } from './get-shard-iterator.ts';
import { listStreams } from './list-streams.ts';

export const GAPS: readonly string[] = [
  'A shard lasts until its partition is split or the stream ends; AWS begins a new one every four hours or so.',
  'Records are read from the zone that is asked: one that lags behind shows fewer, and loses and repeats none.',
  'Of a stream of a partition 256 MiB are kept: past that the oldest records go before their 24 hours.',
  'Reads are not throttled, however many read a shard.',
];

export const OPERATIONS: readonly AnyOperation<StreamsDeps>[] = [
  describeStream,
  getRecords,
  getShardIterator,
  listStreams,
];
