/**
 * The connection to one of the servers: made in the background for as long as it takes, checked for the server's version
 * each time it is made, and moved to another server when the present one falls silent.
 */

import { type JetStreamClient, type JetStreamManager, jetstream, jetstreamManager } from '@nats-io/jetstream';
import type { NatsConnection } from '@nats-io/nats-core';
import { type Clock, errorStory, type Logger, sleep } from '@stormglass/base';
import { LogUnavailable } from '../../log.ts';
import type { CurrentTls } from '../client-tls.ts';
import { assertServerVersion, ServerTooOld } from './server-version.ts';
import { CHECKED_AFTERWARDS, connect } from './transport.ts';
import { within } from './within.ts';

/** A connected client. */
export interface Session {
  readonly nc: NatsConnection;
  readonly js: JetStreamClient;
  readonly jsm: JetStreamManager;
}

/** A handshake takes a second where dozens of clients start at once on few processors. */
const DIAL_MS = { plain: 1_000, tls: 3_000 };
const RETRY_MS = 200;
/** Dialling for the first time: clients that find nobody ask less and less often. */
const FIRST_RETRY_MS_MAX = 1_600;
const REQUEST_MS = 1_000;
/** A server that does not answer a ping within this is given up for another one: it may be stopped, or cut off. */
const SILENCE_MS = 1_200;

export class Connection {
  readonly #servers: readonly string[];
  readonly #clock: Clock;
  readonly #logger: Logger;
  readonly #tls: CurrentTls | undefined;
  #session: Session | undefined;
  #connected = false;
  #refusal: ServerTooOld | undefined;
  #onReconnect: () => void = () => {};

  constructor(servers: readonly string[], clock: Clock, logger: Logger, tls?: CurrentTls) {
    this.#servers = servers;
    this.#clock = clock;
    this.#logger = logger;
    this.#tls = tls;
  }

  /**
   * Tries the servers, again and again, until one accepts or `signal` is aborted.
   * @throws ServerTooOld, and the signal's reason
   */
  async open(signal: AbortSignal): Promise<Session> {
    for (let retryMs = RETRY_MS; ; retryMs = Math.min(2 * retryMs, FIRST_RETRY_MS_MAX)) {
      signal.throwIfAborted();
      try {
        return await this.#dial(signal);
      } catch (error) {
        if (error instanceof ServerTooOld) throw error;
        this.#logger.debug('jetstream: no server accepts connections', { error: errorStory(error) });
        await sleep(this.#clock, retryMs, signal);
      }
    }
  }

  /** Called after each reconnection: whatever was published meanwhile has been missed. */
  onReconnect(listener: () => void): void {
    this.#onReconnect = listener;
  }

  /**
   * The session, if requests can be sent now. The client would otherwise keep them and send them whenever it is back.
   * @throws LogUnavailable (`not-applied`)
   */
  get session(): Session {
    if (this.#refusal) throw new LogUnavailable('not-applied', this.#refusal.message);
    if (!this.#session || !this.#connected) throw new LogUnavailable('not-applied', 'no server is connected');
    return this.#session;
  }

  /** Moves to another server if the present one does not answer. */
  async probe(): Promise<void> {
    if (!this.#session || !this.#connected) return;
    const { nc } = this.#session;
    const answered = await within(this.#clock, SILENCE_MS, nc.flush()).then(
      () => true,
      () => false,
    );
    if (answered || !this.#connected || nc.isClosed()) return;
    this.#logger.warn('jetstream: the server is silent, trying another one', { server: nc.getServer() });
    this.#connected = false;
    await nc.reconnect().catch(() => {});
  }

  async close(): Promise<void> {
    this.#connected = false;
    // Not `drain`: it would wait for a server that may never answer.
    await this.#session?.nc.close();
  }

  async #dial(signal: AbortSignal): Promise<Session> {
    if (this.#tls !== undefined && this.#tls() === undefined) throw new Error('there is no certificate yet');
    const nc = await connect({
      servers: [...this.#servers],
      // The first one is the server of our own zone.
      noRandomize: true,
      // Clients keep to the addresses they were given; what servers advertise may lead around a zone's border.
      ignoreClusterUpdates: true,
      ...(this.#tls === undefined ? {} : { tls: currentTls(this.#tls) }),
      timeout: this.#tls === undefined ? DIAL_MS.plain : DIAL_MS.tls,
      maxReconnectAttempts: -1,
      reconnectTimeWait: RETRY_MS,
      reconnectJitter: 0,
    });
    try {
      signal.throwIfAborted();
      assertServerVersion(nc.info?.version ?? '');
      const session = {
        nc,
        js: jetstream(nc, { timeout: REQUEST_MS }),
        jsm: await jetstreamManager(nc, { checkAPI: false, timeout: REQUEST_MS }),
      };
      this.#session = session;
      this.#connected = true;
      void this.#watch(nc);
      return session;
    } catch (error) {
      await nc.close();
      throw error;
    }
  }

  async #watch(nc: NatsConnection): Promise<void> {
    for await (const status of nc.status()) {
      if (status.type === 'disconnect') this.#connected = false;
      if (status.type === 'reconnect') this.#reconnected(nc);
    }
  }

  #reconnected(nc: NatsConnection): void {
    this.#refusal = undefined;
    try {
      assertServerVersion(nc.info?.version ?? '');
    } catch (error) {
      this.#refusal = error as ServerTooOld;
      this.#logger.error('jetstream: refusing the server', { server: nc.getServer(), error: errorStory(error) });
      return;
    }
    this.#connected = true;
    this.#onReconnect();
  }
}

/** The client reads these members before each handshake; with nothing in them the server refuses it, and it tries again. */
const currentTls = (tls: CurrentTls) => ({
  ...CHECKED_AFTERWARDS,
  get cert() {
    return tls()?.cert ?? '';
  },
  get key() {
    return tls()?.key ?? '';
  },
  get ca() {
    return tls()?.ca ?? '';
  },
});
