/**
 * A zone's connection to the sequencer, shared by all logs of the zone. It connects in a loop for as long as the zone
 * lives; a sequencer that falls silent counts as gone.
 */
import { type Clock, type Logger, sleep } from '@stormglass/base';
import type { LogTracing } from '../../telemetry-hooks.ts';
import { EmbeddedLog } from './embedded-log.ts';
import type { Journal } from './journal.ts';
import type { ToZone, ZoneChannel } from './messages.ts';

export interface ZoneLinkOptions {
  readonly clock: Clock;
  readonly logger: Logger;
  /** Opens a connection to the sequencer; rejects when it cannot be reached. */
  readonly connect: (signal: AbortSignal) => Promise<ZoneChannel>;
}

const RECONNECT_MS = 50;
/** The sequencer pings every 100 ms; this long without a word means that it, or the way to it, is gone. */
const SILENT_AFTER_MS = 400;

export class ZoneLink {
  readonly #options: ZoneLinkOptions;
  readonly #logs = new Map<string, EmbeddedLog>();
  readonly #stopping = new AbortController();
  #channel: ZoneChannel | undefined;
  /** How long after the last connection the next one is tried. */
  #pauseMs = RECONNECT_MS;
  #heardAt = Number.NEGATIVE_INFINITY;

  constructor(options: ZoneLinkOptions) {
    this.#options = options;
    void this.#run();
  }

  /** The log of this name over this zone's journal of it; `tracing` hears of traced entries that are written to it. */
  open(name: string, journal: Journal, tracing?: Pick<LogTracing, 'storing'>): EmbeddedLog {
    const { clock, logger } = this.#options;
    const log = new EmbeddedLog({
      name,
      journal,
      clock,
      logger,
      tracing,
      send: message => this.#channel?.send(message),
      reconnect: (afterMs = RECONNECT_MS) => {
        this.#pauseMs = afterMs;
        this.#channel?.close();
      },
    });
    this.#logs.set(name, log);
    if (this.#channel !== undefined) log.onConnected();
    return log;
  }

  /** Takes a fresh connection in place of the one there is; what was under way is proposed again on it. */
  reconnect(): void {
    this.#pauseMs = 0;
    this.#channel?.close();
  }

  close(): void {
    this.#stopping.abort();
    this.#channel?.close();
  }

  async #run(): Promise<void> {
    const { clock, connect } = this.#options;
    const { signal } = this.#stopping;
    while (!signal.aborted) {
      this.#pauseMs = RECONNECT_MS;
      const channel = await connect(signal).catch(() => undefined);
      if (channel !== undefined) await this.#use(channel);
      if (this.#pauseMs > 0) await sleep(clock, this.#pauseMs, signal).catch(() => {});
    }
  }

  /** Resolves when the connection is gone. */
  #use(channel: ZoneChannel): Promise<void> {
    return new Promise(resolve => {
      this.#channel = channel;
      this.#heardAt = this.#options.clock.monotonic();
      channel.listen({
        message: message => this.#onMessage(channel, message),
        closed: () => {
          this.#channel = undefined;
          for (const log of this.#logs.values()) log.onDisconnected();
          resolve();
        },
      });
      for (const log of this.#logs.values()) log.onConnected();
      this.#watch();
    });
  }

  #onMessage(channel: ZoneChannel, message: ToZone): void {
    this.#heardAt = this.#options.clock.monotonic();
    if (message.type !== 'ping') {
      this.#logs.get(message.log)?.onMessage(message);
      return;
    }
    for (const [name, log] of this.#logs) log.onHealth(message.health[name]);
    channel.send({ type: 'pong' });
  }

  /** A silent connection is kept (it may be a slow one), but what is known through it no longer counts. */
  #watch(): void {
    if (this.#channel === undefined || this.#stopping.signal.aborted) return;
    const silent = this.#options.clock.monotonic() - this.#heardAt > SILENT_AFTER_MS;
    if (silent) for (const log of this.#logs.values()) log.onHealth(undefined);
    this.#options.clock.after(SILENT_AFTER_MS / 2, () => this.#watch());
  }
}
