/**
 * The log port over NATS JetStream: one file stream with a copy in every zone.
 *
 * JetStream is taken for an at-least-once, ordered log and trusted with nothing else. Measured reasons: acknowledgements
 * of duplicates can be wrong, the same publish can be stored twice, and a leader that is cut off goes on answering
 * `STREAM.INFO` for up to 20 s. Hence there is no `readIndex` here: readers commit a barrier.
 */

import { jetstreamManager } from '@nats-io/jetstream';
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
import { Connection, type Session } from './connection.ts';
import { Follower } from './follower.ts';
import { publishOnce } from './propose.ts';
import { ServerTooOld } from './server-version.ts';
import { ensureStream, factsOf, type StreamFacts } from './stream.ts';
import { unlessAborted, within } from './within.ts';

export interface JetStreamLogOptions {
  /** NATS addresses, the own zone's server first; the next is taken when one falls silent. */
  readonly servers: readonly string[];
  /** Name of the log and of its stream: letters, digits, `-` and `_`. */
  readonly name: string;
  readonly clock: Clock;
  readonly logger: Logger;
  readonly random?: Random;
  /** With it connections are made over TLS. */
  readonly tls?: CurrentTls | undefined;
  /** Copies of the log, one a server (default 3). */
  readonly replicas?: number;
  /** Opening waits this long for the stream to be there, in ms; then it goes on in the background (default 5,000). */
  readonly patienceMs?: number;
}

const POLL_MS = 1_000;
const CREATE_MS = 400;
const RETRY_MS = 200;
/** Facts older than this say nothing about the present. */
const STALE_MS = 3_000;

/**
 * Opens the log, creating its stream if need be. Resolves when the log is usable, or after `patienceMs` when it is not
 * yet: until it is, appends are refused and `bounds` throws, and it goes on trying.
 * @throws ServerTooOld when the first server reached is not fit to hold state.
 */
export async function openJetStreamLog(options: JetStreamLogOptions): Promise<ReplicatedLog> {
  if (!/^[\w-]+$/.test(options.name)) throw new RangeError(`not a log name: ${JSON.stringify(options.name)}`);
  const log = new JetStreamLog(options);
  await log.open(options.patienceMs ?? 5_000);
  return log;
}

class JetStreamLog implements ReplicatedLog {
  readonly #options: JetStreamLogOptions;
  readonly #connection: Connection;
  readonly #followers = new Set<Follower>();
  readonly #stopping = new AbortController();
  readonly #usable = Promise.withResolvers<Session>();
  #facts: StreamFacts | undefined;
  #factsAt = Number.NEGATIVE_INFINITY;
  #background: Promise<void> = Promise.resolve();

  constructor(options: JetStreamLogOptions) {
    this.#options = options;
    this.#connection = new Connection(options.servers, options.clock, options.logger, options.tls);
    this.#usable.promise.catch(() => {});
  }

  async open(patienceMs: number): Promise<void> {
    this.#background = this.#bringUp();
    try {
      await within(this.#options.clock, patienceMs, this.#usable.promise);
    } catch (error) {
      if (!(error instanceof ServerTooOld)) return;
      await this.close();
      throw error;
    }
  }

  async propose(payload: Uint8Array, signal: AbortSignal): Promise<Seq> {
    const { js } = this.#connection.session;
    if (!this.#facts) throw new LogUnavailable('not-applied', 'the stream is not there yet');
    if (signal.aborted) throw new LogUnavailable('not-applied', 'given up before it was sent');
    const attempt = publishOnce(js, this.#options.name, payload);
    const seq = await unlessAborted(attempt, signal, () => new LogUnavailable('unknown', 'given up while under way'));
    for (const follower of this.#followers) follower.hint(seq);
    return seq;
  }

  async subscribe(from: Seq, sink: (batch: readonly LogEntry[]) => void, signal: AbortSignal): Promise<void> {
    const { name, clock, logger } = this.#options;
    const stop = AbortSignal.any([signal, this.#stopping.signal]);
    const follower = new Follower({
      name,
      from,
      sink,
      clock,
      logger,
      session: () => this.#connection.session,
      facts: () => this.#askFacts(),
    });
    this.#followers.add(follower);
    try {
      const { nc } = await unlessAborted(this.#usable.promise, stop, () => stop.reason);
      await follower.run(nc, stop);
    } catch (error) {
      if (!stop.aborted) throw error;
    } finally {
      this.#followers.delete(follower);
    }
  }

  async bounds(signal: AbortSignal): Promise<LogBounds> {
    try {
      return await unlessAborted(this.#askFacts(), signal, () => signal.reason);
    } catch (error) {
      signal.throwIfAborted();
      if (this.#facts) return this.#facts;
      throw new LogUnavailable('not-applied', 'nothing is known of the stream', { cause: error });
    }
  }

  async trim(through: Seq): Promise<void> {
    const { last } = await this.#askFacts();
    // Purging beyond the end would be taken as purging everything there will have been by then.
    const keepFrom = Math.min(through, last) + 1;
    if (keepFrom > 1) await this.#connection.session.jsm.streams.purge(this.#options.name, { seq: keepFrom });
    await this.#askFacts();
  }

  health(): LogHealth {
    const fresh = this.#options.clock.monotonic() - this.#factsAt <= STALE_MS;
    return this.#facts && fresh ? this.#facts.health : { state: 'no-quorum' };
  }

  async close(): Promise<void> {
    this.#stopping.abort(new LogUnavailable('not-applied', 'the log is closed'));
    await this.#connection.close();
    await this.#background;
    // The connection may have come up while it was being closed.
    await this.#connection.close();
  }

  /** Connects, sees to it that the stream exists, then watches both until the log is closed. Never rejects. */
  async #bringUp(): Promise<void> {
    const signal = this.#stopping.signal;
    try {
      const session = await this.#connection.open(signal);
      await this.#ensureStream(signal);
      this.#connection.onReconnect(() => void this.#askFacts().catch(() => {}));
      this.#usable.resolve(session);
      await this.#watch(signal);
    } catch (error) {
      this.#usable.reject(error);
      if (!signal.aborted) this.#options.logger.error('jetstream: the log is unusable', { error: errorStory(error) });
    }
  }

  async #ensureStream(signal: AbortSignal): Promise<void> {
    const { name, replicas = 3, random = systemRandom, clock, logger } = this.#options;
    for (;;) {
      try {
        const { nc } = this.#connection.session;
        // When zones create the stream at the same moment, only one of them is answered: the others soon ask again.
        const jsm = await jetstreamManager(nc, { checkAPI: false, timeout: CREATE_MS });
        this.#adopt(await ensureStream(jsm, name, replicas, () => hexId(random, 16)));
        return;
      } catch (error) {
        // No meta leader yet, too few servers yet, no connection just now: all of it passes.
        logger.debug('jetstream: the stream is not there yet', { name, error: errorStory(error) });
        await this.#connection.probe();
        await sleep(clock, RETRY_MS, signal);
      }
    }
  }

  /** Keeps the facts fresh, tells followers how far the log goes, and leaves a server that has fallen silent. */
  async #watch(signal: AbortSignal): Promise<void> {
    for (;;) {
      await sleep(this.#options.clock, POLL_MS, signal);
      await this.#askFacts().catch(() => this.#connection.probe());
    }
  }

  async #askFacts(): Promise<StreamFacts> {
    const info = await this.#connection.session.jsm.streams.info(this.#options.name);
    return this.#adopt(factsOf(info));
  }

  #adopt(facts: StreamFacts): StreamFacts {
    this.#facts = facts;
    this.#factsAt = this.#options.clock.monotonic();
    for (const follower of this.#followers) follower.onFacts(facts);
    return facts;
  }
}
