/**
 * Names of shards and numbers of records as clients see them. The order of the names is one in which a shard stands behind
 * those that it follows, and the numbers of an item's records grow from shard to shard.
 */
import type { Shard } from '@stormglass/item-store';

/** What names a shard within its stream. */
export type ShardPlace = Pick<Shard, 'partition' | 'first'>;

const FIRST_DIGITS = 20;
const PARTITION_DIGITS = 8;
const SHARD = /^shardId-(\d{20})-([0-9a-f]{8})$/;

/** `shardId-00000000000000000001-0000000a` */
export const shardId = ({ first, partition }: ShardPlace): string =>
  `shardId-${String(first).padStart(FIRST_DIGITS, '0')}-${partition.toString(16).padStart(PARTITION_DIGITS, '0')}`;

/** What an id names; undefined when it is none. */
export function placeOfShard(id: string): ShardPlace | undefined {
  const [, first, partition] = SHARD.exec(id) ?? [];
  const place = { first: Number(first), partition: Number.parseInt(partition ?? '', 16) };
  return Number.isSafeInteger(place.first) && first !== undefined ? place : undefined;
}

// 21 to 40 digits (API Reference, "StreamRecord"): a 1, so that none is at the front, the record's number, the partition.
const NUMBER_DIGITS = 16;
const WITHIN_DIGITS = 10;
const SEQUENCE = /^1(\d{16})(\d{10})$/;

/** What clients call a record's number. No other record of the stream has it. */
export const sequenceNumber = (partition: number, seq: number): string =>
  `1${String(seq).padStart(NUMBER_DIGITS, '0')}${String(partition).padStart(WITHIN_DIGITS, '0')}`;

/** The number of a record within the stream of its partition; undefined when there can be no such record. */
export function numberOfRecord(sequence: string): { readonly partition: number; readonly seq: number } | undefined {
  const [, seq, partition] = SEQUENCE.exec(sequence) ?? [];
  if (seq === undefined) return undefined;
  const number = Number(seq);
  return Number.isSafeInteger(number) ? { seq: number, partition: Number(partition) } : undefined;
}
