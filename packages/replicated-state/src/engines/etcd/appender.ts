/**
 * Appends by optimistic transactions: "if the tail is still where I saw it, put these entries behind it and move it".
 * Whatever is proposed while one transaction is under way goes into the next one, so a busy zone pays for one round of
 * consensus for many proposals.
 *
 * Zones race for the tail, and the one next to etcd's leader would always win. So a loser leaves a mark in the very
 * transaction that told it so, and a winner that finds a new mark of somebody else lets one turn pass.
 */
import type { Buffer } from 'node:buffer';
import { type Clock, sleep } from '@stormglass/base';
import { LogUnavailable, type Seq } from '../../log.ts';
import { encodeTxn, putOp, rangeOp, type TxnAnswer, unchangedSince } from './etcd-api.ts';
import { decodeTail, encodeEntry, encodeTail, type LogKeys, type Tail } from './keys.ts';
import type { Members } from './members.ts';

/** etcd takes 128 operations and 1.5 MiB a transaction unless told otherwise; a few are ours. */
const BATCH_MAX = 120;
const BATCH_BYTES = 1 << 20;
/** A batch that keeps losing the race is refused after this long, for certain without effect. */
const ATTEMPT_MS = 1_000;

interface Proposal {
  readonly payload: Uint8Array;
  readonly signal: AbortSignal;
  readonly resolve: (seq: Seq) => void;
  readonly reject: (error: unknown) => void;
}

export class Appender {
  readonly #members: Members;
  readonly #keys: LogKeys;
  readonly #clock: Clock;
  /** Tells this appender's marks from those of others. */
  readonly #self: Buffer;
  readonly #queue: Proposal[] = [];
  #running = false;
  /** Undefined when a transaction may have moved it without our knowing. */
  #tail: Tail | undefined;
  #turnRevision = 0;
  #roundTripMs = 2;

  constructor(members: Members, keys: LogKeys, clock: Clock, self: Buffer) {
    this.#members = members;
    this.#keys = keys;
    this.#clock = clock;
    this.#self = self;
  }

  /** @throws LogUnavailable */
  append(payload: Uint8Array, signal: AbortSignal): Promise<Seq> {
    return new Promise((resolve, reject) => {
      this.#queue.push({ payload, signal, resolve, reject });
      if (!this.#running) void this.#run();
    });
  }

  async #run(): Promise<void> {
    this.#running = true;
    while (this.#queue.length > 0) {
      const batch = this.#takeBatch();
      if (batch.length === 0) continue;
      try {
        const first = await this.#store(batch.map(each => each.payload));
        for (const [i, proposal] of batch.entries()) proposal.resolve(first + i);
      } catch (error) {
        for (const proposal of batch) proposal.reject(error);
      }
    }
    this.#running = false;
  }

  /** The next proposals that fit into one transaction; those given up meanwhile are dropped, as nothing was sent. */
  #takeBatch(): Proposal[] {
    const batch: Proposal[] = [];
    let bytes = 0;
    while (this.#queue.length > 0 && batch.length < BATCH_MAX) {
      const next = this.#queue[0]!;
      if (batch.length > 0 && bytes + next.payload.length > BATCH_BYTES) break;
      this.#queue.shift();
      if (next.signal.aborted) next.reject(new LogUnavailable('not-applied', 'given up before it was sent'));
      else {
        batch.push(next);
        bytes += next.payload.length;
      }
    }
    return batch;
  }

  /** Returns the position of the first of `payloads`. */
  async #store(payloads: readonly Uint8Array[]): Promise<Seq> {
    const end = this.#clock.monotonic() + ATTEMPT_MS;
    this.#tail ??= await this.#readTail();
    while (this.#clock.monotonic() < end) {
      const tail: Tail = this.#tail;
      // The proposer's clock, but never behind the entry before: log time does not run backwards.
      const time = Math.max(this.#clock.now(), tail.time);
      const answer = await this.#transact(tail, time, payloads);
      if (answer.succeeded) {
        this.#tail = { seq: tail.seq + payloads.length, time, revision: answer.revision };
        await this.#letOthersPass(answer);
        return tail.seq + 1;
      }
      this.#tail = decodeTail(answer.ranges[0]?.kvs[0]);
    }
    throw new LogUnavailable('not-applied', 'other zones were faster for too long');
  }

  async #transact(tail: Tail, time: number, payloads: readonly Uint8Array[]): Promise<TxnAnswer> {
    const keys = this.#keys;
    const puts = payloads.map((payload, i) => putOp(keys.entry(tail.seq + 1 + i), encodeEntry(time, payload)));
    const won = [...puts, putOp(keys.tail, encodeTail(tail.seq + payloads.length, time)), rangeOp(keys.turn)];
    const lost = [rangeOp(keys.tail), putOp(keys.turn, this.#self)];
    const sentAt = this.#clock.monotonic();
    try {
      return await this.#members.txn(encodeTxn([unchangedSince(keys.tail, tail.revision)], won, lost));
    } catch (error) {
      // It may still happen. The comparison makes sure that it cannot once another append has succeeded.
      this.#tail = undefined;
      throw error;
    } finally {
      this.#roundTripMs = this.#clock.monotonic() - sentAt;
    }
  }

  /** Waits a round trip and a half if somebody else lost to us since we last looked. */
  async #letOthersPass({ ranges }: TxnAnswer): Promise<void> {
    const mark = ranges[0]?.kvs[0];
    if (mark === undefined || mark.modRevision <= this.#turnRevision) return;
    this.#turnRevision = mark.modRevision;
    if (!mark.value.equals(this.#self)) await sleep(this.#clock, Math.min(20, this.#roundTripMs * 1.5));
  }

  async #readTail(): Promise<Tail> {
    try {
      const answer = await this.#members.read(encodeTxn([], [rangeOp(this.#keys.tail)]));
      return decodeTail(answer.ranges[0]?.kvs[0]);
    } catch (error) {
      throw new LogUnavailable('not-applied', 'the end of the log cannot be read', { cause: error });
    }
  }
}
