/**
 * One subscription: stored entries first, page by page, then what is put from the revision on that the last page showed.
 * Nothing can fall between the two, because a page and its revision come from one transaction.
 */
import { type Clock, errorStory, type Logger, sleep } from '@stormglass/base';
import { type LogEntry, LogUnavailable, type Seq, Truncated } from '../../log.ts';
import { decodeWatch, encodeTxn, encodeWatch, type KeyValue, PATHS, rangeOp } from './etcd-api.ts';
import type { GrpcChannel, ServerStream } from './grpc.ts';
import { decodeEntry, decodeFirst, decodeTail, type LogKeys, seqOf } from './keys.ts';
import type { Members } from './members.ts';

export interface FollowerOptions {
  readonly members: Members;
  readonly keys: LogKeys;
  readonly from: Seq;
  readonly sink: (batch: readonly LogEntry[]) => void;
  readonly clock: Clock;
  readonly logger: Logger;
}

const PAGE_ENTRIES = 128;
const RETRY_MS = 50;
/** A watch that does not deliver an entry known to exist within this is taken for dead. */
const STALL_MS = 300;

export class Follower {
  readonly #options: FollowerOptions;
  #next: Seq;
  #known: Seq;
  #cancelStallCheck: (() => void) | undefined;
  #watching: { readonly channel: GrpcChannel; readonly stream: ServerStream } | undefined;
  #failure: unknown;

  constructor(options: FollowerOptions) {
    this.#options = options;
    this.#next = options.from;
    this.#known = options.from - 1;
  }

  /**
   * Delivers until `signal` is aborted.
   * @throws Truncated, and what the sink throws
   */
  async run(signal: AbortSignal): Promise<void> {
    const { clock, logger } = this.#options;
    const onAbort = () => this.#watching?.stream.close();
    signal.addEventListener('abort', onAbort, { once: true });
    try {
      while (!signal.aborted) {
        const revision = await this.#readStored(signal).catch(error => this.#interrupted(error));
        if (signal.aborted) return;
        if (revision === undefined) await sleep(clock, RETRY_MS, signal).catch(() => {});
        else await this.#watch(revision + 1);
        if (this.#failure !== undefined) throw this.#failure;
        logger.debug('etcd: the watch ended', { next: this.#next });
      }
    } finally {
      this.#cancelStallCheck?.();
      signal.removeEventListener('abort', onAbort);
    }
  }

  /** Something says that entries up to `seq` exist; if the watch stays silent about them, it is made anew. */
  hint(seq: Seq): void {
    this.#known = Math.max(this.#known, seq);
    if (this.#next > this.#known || this.#cancelStallCheck) return;
    const stuckAt = this.#next;
    this.#cancelStallCheck = this.#options.clock.after(STALL_MS, () => {
      this.#cancelStallCheck = undefined;
      if (this.#next !== stuckAt) this.hint(this.#known);
      else if (this.#watching) {
        this.#options.members.leave(this.#watching.channel);
        this.#watching.stream.close();
      }
    });
  }

  /**
   * Delivers everything stored from the next position on; returns the revision up to which that is complete.
   * @throws Truncated
   */
  async #readStored(signal: AbortSignal): Promise<number> {
    const { members, keys } = this.#options;
    for (;;) {
      const page = rangeOp(keys.entry(this.#next), keys.entry(this.#next + PAGE_ENTRIES));
      const answer = await members.read(encodeTxn([], [rangeOp(keys.tail), rangeOp(keys.first), page]));
      if (signal.aborted) return answer.revision;
      const [tail, first, entries] = answer.ranges;
      const last = decodeTail(tail?.kvs[0]).seq;
      const firstHeld = decodeFirst(first?.kvs[0]);
      if (firstHeld > this.#next && this.#next <= last) throw new Truncated(firstHeld);
      this.#deliver(entries?.kvs ?? []);
      if (this.#next > last) return answer.revision;
    }
  }

  /** Delivers what is put from `revision` on, for as long as the watch lives. */
  async #watch(revision: number): Promise<void> {
    const { members, keys } = this.#options;
    const { channel } = members;
    // A member that loses its leader ends such a watch instead of going silent.
    const stream = channel.stream(PATHS.watch, { hasleader: 'true' }, message => {
      try {
        const answer = decodeWatch(message);
        if (answer.canceled) return stream.close();
        this.#deliver(answer.puts);
      } catch (error) {
        this.#failure = error;
        stream.close();
      }
    });
    this.#watching = { channel, stream };
    stream.write(encodeWatch(keys.entry(0), keys.end, revision));
    await stream.ended;
    this.#watching = undefined;
  }

  #deliver(kvs: readonly KeyValue[]): void {
    const batch: LogEntry[] = [];
    for (const kv of kvs) {
      const seq = seqOf(kv.key);
      if (seq < this.#next) continue;
      // Subscriptions may begin behind the log's end; what comes before that position is not asked for. A gap inside
      // would be a bug in the log's own transactions.
      if (seq > this.#next) throw new Error(`etcd: entry ${seq} came where ${this.#next} was expected`);
      batch.push(decodeEntry(kv));
      this.#next = seq + 1;
    }
    this.#known = Math.max(this.#known, this.#next - 1);
    if (batch.length > 0) this.#options.sink(batch);
  }

  #interrupted(error: unknown): undefined {
    if (!(error instanceof LogUnavailable)) throw error;
    this.#options.logger.debug('etcd: catching up is interrupted', { error: errorStory(error) });
  }
}
