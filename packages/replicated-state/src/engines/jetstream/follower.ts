/**
 * One subscription: committed entries in order and without gaps. Entries arrive as the leader republishes them on a core
 * subject; what was missed (lost hints, reconnects, everything before we came) is read from the stream by position.
 *
 * Consumers are not used: an ordered consumer lives on one server of NATS' choosing, and when that server's zone died,
 * replicas in healthy zones stood still for the rest of our runs.
 */

import type { Msg, NatsConnection } from '@nats-io/transport-node';
import { type Clock, errorStory, type Logger, sleep } from '@stormglass/base';
import { type LogEntry, type Seq, Truncated } from '../../log.ts';
import type { Session } from './connection.ts';
import { Reassembly } from './reassembly.ts';
import { parseTime, readEntry } from './stored-entries.ts';
import { committedSubject, type StreamFacts } from './stream.ts';

export interface FollowerOptions {
  readonly name: string;
  readonly from: Seq;
  readonly sink: (batch: readonly LogEntry[]) => void;
  readonly clock: Clock;
  readonly logger: Logger;
  /** The current session; throws while there is none. */
  readonly session: () => Session;
  /** Asks the leader for the stream's facts; throws while it cannot. */
  readonly facts: () => Promise<StreamFacts>;
}

/** Reads under way at once while a gap is filled. */
const READ_AHEAD = 256;
/** An entry known to exist is given this long to arrive by itself before it is fetched. */
const PATIENCE_MS = 50;
const RETRY_MS = 50;

export class Follower {
  readonly #options: FollowerOptions;
  readonly #reassembly: Reassembly;
  readonly #ended = Promise.withResolvers<never>();
  #logId: string | undefined;
  /** Highest position known to exist. */
  #known: Seq;
  #wake = Promise.withResolvers<void>();
  #cancelPatience: (() => void) | undefined;

  constructor(options: FollowerOptions) {
    this.#options = options;
    this.#reassembly = new Reassembly(options.from);
    this.#known = options.from - 1;
    // Whoever runs the follower hears of the failure; nobody else needs to.
    this.#ended.promise.catch(() => {});
  }

  /**
   * Delivers until `signal` is aborted. `nc` keeps the subscription across reconnects.
   * @throws Truncated, and what the sink throws
   */
  async run(nc: NatsConnection, signal: AbortSignal): Promise<void> {
    const subscription = nc.subscribe(committedSubject(this.#options.name), {
      callback: (error, message) => {
        if (!error) this.#guard(() => this.#onCommitted(message));
      },
    });
    const onAbort = () => this.#ended.reject(signal.reason);
    signal.addEventListener('abort', onAbort, { once: true });
    const stop = new AbortController();
    try {
      if (signal.aborted) return;
      await Promise.race([this.#ended.promise, this.#fillGaps(stop.signal)]);
    } catch (error) {
      if (!signal.aborted) throw error;
    } finally {
      stop.abort();
      this.#cancelPatience?.();
      signal.removeEventListener('abort', onAbort);
      subscription.unsubscribe();
    }
  }

  /** Something (an acknowledgement, the leader) says that entries up to `seq` exist. */
  hint(seq: Seq): void {
    if (seq <= this.#known) return;
    this.#known = seq;
    if (this.#reassembly.next > seq || this.#cancelPatience) return;
    this.#cancelPatience = this.#options.clock.after(PATIENCE_MS, () => {
      this.#cancelPatience = undefined;
      if (this.#missing) this.#wake.resolve();
    });
  }

  /** Takes in what the leader said about the stream. */
  onFacts(facts: StreamFacts): void {
    this.#logId ??= facts.logId;
    // The stream was created anew: the positions we count in mean nothing any more.
    if (facts.logId !== this.#logId) this.#ended.reject(new Truncated(facts.first));
    else this.hint(facts.last);
  }

  get #missing(): boolean {
    return this.#reassembly.next <= this.#known;
  }

  #onCommitted(message: Msg): void {
    const seq = Number(message.headers?.get('Nats-Sequence'));
    const time = parseTime(message.headers?.get('Nats-Time-Stamp') ?? '');
    this.#known = Math.max(this.#known, seq);
    this.#deliver(this.#reassembly.offer({ seq, time, payload: message.data }));
    if (this.#reassembly.gapped) this.#wake.resolve();
  }

  #deliver(run: readonly LogEntry[]): void {
    if (run.length > 0) this.#options.sink(run);
  }

  /** A callback of the client must not throw; its failure ends the subscription. */
  #guard(action: () => void): void {
    try {
      action();
    } catch (error) {
      this.#ended.reject(error);
    }
  }

  async #fillGaps(signal: AbortSignal): Promise<never> {
    const { clock, logger, session, facts } = this.#options;
    let asked = false;
    for (;;) {
      signal.throwIfAborted();
      try {
        if (!asked) {
          // Only what is committed from here on is sure to reach the subscription.
          await session().nc.flush();
          await this.#assertHeld(await facts());
          asked = true;
        }
        if (this.#missing) await this.#fillOnce(session(), signal);
      } catch (error) {
        if (error instanceof Truncated || signal.aborted) throw error;
        logger.debug('jetstream: catching up is interrupted', { error: errorStory(error) });
        await sleep(clock, RETRY_MS, signal);
        continue;
      }
      if (this.#missing) continue;
      await this.#wake.promise;
      this.#wake = Promise.withResolvers<void>();
    }
  }

  /** Reads the next entries in parallel; those that nobody could give are asked for again. */
  async #fillOnce({ jsm }: Session, signal: AbortSignal): Promise<void> {
    const { name, clock, facts } = this.#options;
    const first = this.#reassembly.next;
    const wanted: Seq[] = [];
    for (let seq = first; seq <= this.#known && seq < first + READ_AHEAD; seq++) {
      if (!this.#reassembly.has(seq)) wanted.push(seq);
    }
    const entries = await Promise.all(wanted.map(seq => readEntry(jsm, name, seq)));
    signal.throwIfAborted();
    const run = entries.flatMap(entry => (entry ? this.#reassembly.offer(entry) : []));
    this.#guard(() => this.#deliver(run));
    if (entries.every(entry => entry !== undefined)) return;
    await this.#assertHeld(await facts());
    await sleep(clock, RETRY_MS, signal);
  }

  /**
   * A stream does not say that a position is gone (it silently gives what is left), so the first one left is compared.
   * @throws Truncated
   */
  async #assertHeld(facts: StreamFacts): Promise<void> {
    this.onFacts(facts);
    if (facts.first > this.#reassembly.next) throw new Truncated(facts.first);
  }
}
