/**
 * The part of etcd's v3 API this engine uses, typed. Field numbers are those of etcd's `rpc.proto` and `kv.proto`.
 */
import { Buffer } from 'node:buffer';
import { bytesIn, fieldsOf, Message, numberIn } from './protobuf.ts';

export const PATHS = {
  txn: '/etcdserverpb.KV/Txn',
  compact: '/etcdserverpb.KV/Compact',
  watch: '/etcdserverpb.Watch/Watch',
  status: '/etcdserverpb.Maintenance/Status',
} as const;

export interface KeyValue {
  readonly key: Buffer;
  readonly value: Buffer;
  readonly modRevision: number;
}

export interface RangeAnswer {
  readonly kvs: readonly KeyValue[];
}

export interface TxnAnswer {
  readonly revision: number;
  readonly succeeded: boolean;
  /** The answers to the range operations of the branch taken, in order. */
  readonly ranges: readonly RangeAnswer[];
}

export interface WatchAnswer {
  readonly created: boolean;
  readonly canceled: boolean;
  /** Keys written, in revision order. */
  readonly puts: readonly KeyValue[];
}

const NOTHING = Buffer.alloc(0);

/** An operation of a transaction. */
export type Op = Message;

/** Reads `key`, or all keys from `key` up to before `end`. */
export const rangeOp = (key: Buffer, end: Buffer = NOTHING): Op =>
  new Message().message(1, new Message().bytes(1, key).bytes(2, end));

export const putOp = (key: Buffer, value: Uint8Array): Op =>
  new Message().message(2, new Message().bytes(1, key).bytes(2, value));

export const deleteRangeOp = (key: Buffer, end: Buffer): Op =>
  new Message().message(3, new Message().bytes(1, key).bytes(2, end));

/** Holds when `key` was last changed at `revision`; revision 0 (which protobuf leaves out) means: it does not exist. */
export function unchangedSince(key: Buffer, revision: number): Message {
  const MOD = 2;
  return new Message().number(2, MOD).bytes(3, key).number(6, revision);
}

export function encodeTxn(compare: readonly Message[], success: readonly Op[], failure: readonly Op[] = []): Buffer {
  const txn = new Message();
  for (const each of compare) txn.message(1, each);
  for (const each of success) txn.message(2, each);
  for (const each of failure) txn.message(3, each);
  return txn.encode();
}

export function decodeTxn(answer: Buffer): TxnAnswer {
  return {
    revision: revisionOf(answer),
    succeeded: numberIn(answer, 2) === 1,
    ranges: bytesIn(answer, 3).flatMap(response => bytesIn(response, 1).map(decodeRange)),
  };
}

export const encodeCompact = (revision: number): Buffer => new Message().number(1, revision).encode();

/** Watches the puts in a range of keys from `revision` on. */
export function encodeWatch(key: Buffer, end: Buffer, revision: number): Buffer {
  const NO_DELETE = 1;
  const create = new Message().bytes(1, key).bytes(2, end).number(3, revision).number(5, NO_DELETE);
  return new Message().message(1, create).encode();
}

export function decodeWatch(answer: Buffer): WatchAnswer {
  return {
    created: numberIn(answer, 3) === 1,
    canceled: numberIn(answer, 4) === 1,
    puts: bytesIn(answer, 11).flatMap(event => bytesIn(event, 2).map(decodeKeyValue)),
  };
}

/** Whether the member that answered knows a leader. */
export const statusHasLeader = (answer: Buffer): boolean => numberIn(answer, 4) !== 0;

const revisionOf = (answer: Buffer): number => {
  const [header] = bytesIn(answer, 1);
  return header ? numberIn(header, 3) : 0;
};

const decodeRange = (range: Buffer): RangeAnswer => ({
  kvs: bytesIn(range, 2).map(decodeKeyValue),
});

function decodeKeyValue(message: Buffer): KeyValue {
  let key = message.subarray(0, 0);
  let value = key;
  let modRevision = 0;
  for (const [field, content] of fieldsOf(message)) {
    if (typeof content === 'number') {
      if (field === 3) modRevision = content;
    } else if (field === 1) key = content;
    else if (field === 5) value = content;
  }
  return { key, value, modRevision };
}
