/**
 * How a log lies in etcd:
 *
 *     log/<name>/id                 the log's random id
 *     log/<name>/tail               position and time of the last entry
 *     log/<name>/first              first position still held, once the log has been trimmed
 *     log/<name>/turn               raised by who lost the race for the tail (see appender.ts)
 *     log/<name>/entry/<20 digits>  one entry: its time, then its payload
 *
 * The tail is a record of its own because it has to outlive the entries: a log that was trimmed to nothing still knows
 * where it goes on. So does the first position: asking etcd for the first key of a range makes it count the whole range.
 */
import { Buffer } from 'node:buffer';
import type { LogEntry, Seq } from '../../log.ts';
import type { KeyValue } from './etcd-api.ts';

const DIGITS = 20;
const TIME_BYTES = 8;

export interface LogKeys {
  readonly id: Buffer;
  readonly tail: Buffer;
  readonly first: Buffer;
  readonly turn: Buffer;
  /** First key behind all entries. */
  readonly end: Buffer;
  entry(seq: Seq): Buffer;
}

export function logKeys(name: string): LogKeys {
  const entries = `log/${name}/entry/`;
  return {
    id: Buffer.from(`log/${name}/id`),
    tail: Buffer.from(`log/${name}/tail`),
    first: Buffer.from(`log/${name}/first`),
    turn: Buffer.from(`log/${name}/turn`),
    // '0' is the character behind '/'.
    end: Buffer.from(`log/${name}/entry0`),
    entry: seq => Buffer.from(entries + String(seq).padStart(DIGITS, '0')),
  };
}

export const seqOf = (key: Buffer): Seq => Number(key.toString('latin1', key.length - DIGITS));

export function encodeEntry(time: number, payload: Uint8Array): Buffer {
  const value = Buffer.allocUnsafe(TIME_BYTES + payload.length);
  value.writeDoubleBE(time, 0);
  value.set(payload, TIME_BYTES);
  return value;
}

export const decodeEntry = ({ key, value }: KeyValue): LogEntry => ({
  seq: seqOf(key),
  time: value.readDoubleBE(0),
  // A copy: the value is a view into the answer it came with, and would keep all of that alive.
  payload: Uint8Array.prototype.slice.call(value, TIME_BYTES),
});

/** The end of the log as a transaction saw it. */
export interface Tail {
  readonly seq: Seq;
  readonly time: number;
  /** The revision at which it came to be: what the next append compares. */
  readonly revision: number;
}

/** What a log has that nothing was ever appended to. */
const BEGINNING: Tail = { seq: 0, time: 0, revision: 0 };

export function encodeTail(seq: Seq, time: number): Buffer {
  const value = Buffer.allocUnsafe(16);
  value.writeDoubleBE(seq, 0);
  value.writeDoubleBE(time, 8);
  return value;
}

export const decodeTail = (found: KeyValue | undefined): Tail =>
  found === undefined
    ? BEGINNING
    : { seq: found.value.readDoubleBE(0), time: found.value.readDoubleBE(8), revision: found.modRevision };

export function encodeFirst(seq: Seq): Buffer {
  const value = Buffer.allocUnsafe(8);
  value.writeDoubleBE(seq, 0);
  return value;
}

/** Position 1 until the log is trimmed. */
export const decodeFirst = (found: KeyValue | undefined): Seq => found?.value.readDoubleBE(0) ?? 1;
