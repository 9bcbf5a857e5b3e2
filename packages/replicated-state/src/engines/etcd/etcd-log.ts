/**
 * The log port over etcd: entries are keys, an append is a transaction that moves the tail, delivery is a watch. What
 * etcd gives beyond JetStream is a linearizable read, so this engine has a `readIndex`.
 *
 * An entry's time is the proposer's clock, raised to the time of the entry before it: etcd itself stamps nothing. One
 * zone's fast clock therefore moves log time forward for all of them, but never backwards.
 */
import { Buffer } from 'node:buffer';
import { type Clock, errorStory, hexId, type Logger, type Random, sleep, systemRandom } from '@stormglass/base';
import {
  type LogBounds,
  type LogEntry,
  type LogHealth,
  LogUnavailable,
  type ReplicatedLog,
  type Seq,
} from '../../log.ts';
import type { CurrentTls } from '../client-tls.ts';
import { unlessAborted, within } from '../jetstream/within.ts';
import { Appender } from './appender.ts';
import { deleteRangeOp, encodeCompact, encodeTxn, putOp, rangeOp, unchangedSince } from './etcd-api.ts';
import { Follower } from './follower.ts';
import { decodeFirst, decodeTail, encodeFirst, type LogKeys, logKeys } from './keys.ts';
import { Members } from './members.ts';

export interface EtcdLogOptions {
  /** Client addresses (`http://host:port`), the own zone's member first. */
  readonly servers: readonly string[];
  /** Name of the log: letters, digits, `-` and `_`. */
  readonly name: string;
  readonly clock: Clock;
  readonly logger: Logger;
  readonly random?: Random;
  /** With it servers at `https:` addresses are shown a certificate. */
  readonly tls?: CurrentTls | undefined;
  /** Opening waits this long for the cluster to answer, in ms; then it goes on in the background (default 5,000). */
  readonly patienceMs?: number;
}

const POLL_MS = 1_000;
const RETRY_MS = 200;
/** A confirmation by the quorum that is older than this says nothing about the present. */
const STALE_MS = 3_000;

/**
 * Opens the log, giving it an id if it has none. Resolves when the log is usable, or after `patienceMs` when it is not
 * yet: until it is, appends fail and `bounds` throws, and it goes on trying.
 */
export async function openEtcdLog(options: EtcdLogOptions): Promise<ReplicatedLog> {
  if (!/^[\w-]+$/.test(options.name)) throw new RangeError(`not a log name: ${JSON.stringify(options.name)}`);
  const log = new EtcdLog(options);
  await log.open(options.patienceMs ?? 5_000);
  return log;
}

class EtcdLog implements ReplicatedLog {
  readonly #options: EtcdLogOptions;
  readonly #random: Random;
  readonly #members: Members;
  readonly #keys: LogKeys;
  readonly #appender: Appender;
  readonly #followers = new Set<Follower>();
  readonly #stopping = new AbortController();
  readonly #usable = Promise.withResolvers<void>();
  #bounds: LogBounds | undefined;
  #confirmedAt = Number.NEGATIVE_INFINITY;
  #background: Promise<unknown> = Promise.resolve();

  constructor(options: EtcdLogOptions) {
    const { servers, name, clock, logger, random = systemRandom } = options;
    this.#options = options;
    this.#random = random;
    this.#members = new Members(servers, clock, logger, options.tls);
    this.#keys = logKeys(name);
    this.#appender = new Appender(this.#members, this.#keys, clock, Buffer.from(hexId(random, 8)));
    this.#usable.promise.catch(() => {});
  }

  async open(patienceMs: number): Promise<void> {
    const signal = this.#stopping.signal;
    this.#background = Promise.allSettled([this.#bringUp(signal), this.#lookAround(signal)]);
    await within(this.#options.clock, patienceMs, this.#usable.promise).catch(() => {});
  }

  async propose(payload: Uint8Array, signal: AbortSignal): Promise<Seq> {
    if (this.#stopping.signal.aborted) throw this.#stopping.signal.reason;
    if (!this.#bounds) throw new LogUnavailable('not-applied', 'the log has not been reached yet');
    const attempt = this.#appender.append(payload, signal);
    const seq = await unlessAborted(attempt, signal, () => new LogUnavailable('unknown', 'given up while under way'));
    this.#confirmed(seq);
    return seq;
  }

  async subscribe(from: Seq, sink: (batch: readonly LogEntry[]) => void, signal: AbortSignal): Promise<void> {
    const { clock, logger } = this.#options;
    const stop = AbortSignal.any([signal, this.#stopping.signal]);
    const follower = new Follower({ members: this.#members, keys: this.#keys, from, sink, clock, logger });
    this.#followers.add(follower);
    try {
      await follower.run(stop);
    } finally {
      this.#followers.delete(follower);
    }
  }

  async readIndex(signal: AbortSignal): Promise<Seq> {
    const read = this.#members.read(encodeTxn([], [rangeOp(this.#keys.tail)]));
    const { ranges } = await unlessAborted(
      read,
      signal,
      () => new LogUnavailable('unknown', 'given up while under way'),
    );
    const { seq } = decodeTail(ranges[0]?.kvs[0]);
    this.#confirmed(seq);
    return seq;
  }

  async bounds(signal: AbortSignal): Promise<LogBounds> {
    try {
      return await unlessAborted(this.#askBounds(), signal, () => signal.reason);
    } catch (error) {
      signal.throwIfAborted();
      if (this.#bounds) return this.#bounds;
      throw error;
    }
  }

  async trim(through: Seq): Promise<void> {
    const revision = await this.#forget(through);
    if (revision === undefined) return;
    await this.#askBounds();
    // Deleted entries take up space until etcd forgets its history. It keeps one history for all logs, but nobody reads
    // ours except watches at its very end, and those start over when they must.
    await this.#members.compact(encodeCompact(revision)).catch(error => {
      this.#options.logger.debug('etcd: not compacted', { error: errorStory(error) });
    });
  }

  health(): LogHealth {
    const copies = this.#members.wellCount;
    const fresh = this.#options.clock.monotonic() - this.#confirmedAt <= STALE_MS;
    if (!fresh) return { state: 'no-quorum' };
    return { state: copies >= this.#members.count ? 'ok' : 'degraded', copies };
  }

  async close(): Promise<void> {
    this.#stopping.abort(new LogUnavailable('not-applied', 'the log is closed'));
    this.#members.close();
    await this.#background;
    // A call under way may have connected once more.
    this.#members.close();
  }

  /** Reaches the log, then keeps asking the quorum where it ends. */
  async #bringUp(signal: AbortSignal): Promise<void> {
    const { clock, logger } = this.#options;
    try {
      for (;;) {
        try {
          if (!this.#bounds) await this.#createId();
          await this.#askBounds();
          this.#usable.resolve();
        } catch (error) {
          logger.debug('etcd: the quorum does not answer', { error: errorStory(error) });
        }
        await sleep(clock, this.#bounds ? POLL_MS : RETRY_MS, signal);
      }
    } catch (closed) {
      this.#usable.reject(closed);
    }
  }

  async #lookAround(signal: AbortSignal): Promise<void> {
    while (!signal.aborted) {
      await this.#members.look();
      await sleep(this.#options.clock, POLL_MS, signal);
    }
  }

  /** Gives the log its id, unless another zone did so first. */
  async #createId(): Promise<void> {
    const { id } = this.#keys;
    const fresh = Buffer.from(hexId(this.#random, 16));
    await this.#members.txn(encodeTxn([unchangedSince(id, 0)], [putOp(id, fresh)]));
  }

  /** Deletes entries; returns the revision at which they were gone, undefined when there was nothing to delete. */
  async #forget(through: Seq): Promise<number | undefined> {
    const { tail, first, entry } = this.#keys;
    for (;;) {
      const { ranges } = await this.#members.read(encodeTxn([], [rangeOp(tail), rangeOp(first)]));
      const held = ranges[1]?.kvs[0];
      const keepFrom = Math.min(through, decodeTail(ranges[0]?.kvs[0]).seq) + 1;
      if (keepFrom <= decodeFirst(held)) return undefined;
      // Two zones may trim at once; the record of the first position must never move back.
      const unmoved = unchangedSince(first, held?.modRevision ?? 0);
      const forget = [deleteRangeOp(entry(0), entry(keepFrom)), putOp(first, encodeFirst(keepFrom))];
      const { succeeded, revision } = await this.#members.txn(encodeTxn([unmoved], forget));
      if (succeeded) return revision;
    }
  }

  async #askBounds(): Promise<LogBounds> {
    const { id, tail, first } = this.#keys;
    const { ranges } = await this.#members.read(encodeTxn([], [rangeOp(id), rangeOp(tail), rangeOp(first)]));
    const logId = ranges[0]?.kvs[0]?.value.toString();
    if (logId === undefined) throw new LogUnavailable('not-applied', 'the log does not exist yet');
    const last = decodeTail(ranges[1]?.kvs[0]).seq;
    this.#bounds = { logId, first: decodeFirst(ranges[2]?.kvs[0]), last };
    this.#confirmed(last);
    return this.#bounds;
  }

  /** The quorum has just answered, and the log reaches to `last` at least. */
  #confirmed(last: Seq): void {
    this.#confirmedAt = this.#options.clock.monotonic();
    for (const follower of this.#followers) follower.hint(last);
  }
}
