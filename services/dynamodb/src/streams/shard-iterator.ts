/**
 * Iterators: a place in a shard, as text that means nothing to the client but the ARN in front of it. They are good in
 * every zone, because they say where the next record is, and not where one zone's copy of it lies.
 */
import { decodePageToken, encodePageToken } from '@stormglass/aws-wire';
import { expired, invalidIterator } from './errors.ts';
import type { ShardPlace } from './shard-names.ts';

export interface ShardIterator extends ShardPlace {
  /** ARN of the stream. */
  readonly stream: string;
  /** Number of the next record; 0: the oldest that there is. */
  readonly next: number;
}

/** The oldest record that there is when the iterator is used. */
export const FROM_OLDEST = 0;

/** How long an iterator is good (API Reference, "GetShardIterator"). */
const GOOD_MS = 15 * 60 * 1000;
const MARK = '|1|';

const purposeOf = (stream: string): string => `dynamodb:ShardIterator:${stream}`;

/** @param now wall clock in ms since the epoch, from which on it is good for 15 minutes */
export function encodeIterator({ stream, partition, first, next }: ShardIterator, now: number): string {
  return `${stream}${MARK}${encodePageToken(purposeOf(stream), [partition, first, next, now])}`;
}

/** The ARN of the stream, for permissions; undefined when the text is no iterator. */
export function streamOfIterator(text: string): string | undefined {
  const end = text.lastIndexOf(MARK);
  return end < 0 ? undefined : text.slice(0, end);
}

/** @throws AwsError when it is none, or too old */
export function decodeIterator(text: string, now: number): ShardIterator {
  const stream = streamOfIterator(text);
  if (stream === undefined) throw invalidIterator();
  const [partition, first, next, at] = numbersIn(stream, text.slice(stream.length + MARK.length));
  if (now - at > GOOD_MS) throw expired();
  return { stream, partition, first, next };
}

function numbersIn(stream: string, token: string): readonly [number, number, number, number] {
  const payload = decodePageToken(purposeOf(stream), token, invalidIterator);
  // The check value is no secret: whoever makes up tokens gets what he asks for, within the stream of the ARN.
  const isOurs = Array.isArray(payload) && payload.length === 4 && payload.every(each => Number.isSafeInteger(each));
  if (!isOurs) throw invalidIterator();
  return payload as [number, number, number, number];
}
