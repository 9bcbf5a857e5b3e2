/**
 * The sequencer's place in the world: one socket a zone, each behind the faults of the link between that zone and the
 * log. `log` is a place of its own: a zone cut off from everything is cut off from it as well.
 */
import { createServer, type Server } from 'node:net';
import type { Clock, Logger, Random } from '@stormglass/base';
import { type LinkRules, ShapedDirection } from '@stormglass/faults';
import {
  type FromZone,
  Sequencer,
  type SequencerStatus,
  socketChannel,
  type ToZone,
} from '@stormglass/replicated-state';

export const LOG_PLACE = 'log';

export interface LogServiceOptions {
  /** Zone ids, and where each reaches its log. */
  readonly sockets: Readonly<Record<string, string>>;
  readonly clock: Clock;
  readonly random: Random;
  readonly logger: Logger;
  readonly links: LinkRules;
  readonly knownLogIds: ReadonlyMap<string, string>;
  readonly onLogId: (log: string, logId: string) => void;
}

export class LogService {
  readonly #options: LogServiceOptions;
  readonly #sequencer: Sequencer;
  readonly #servers: Server[] = [];

  constructor(options: LogServiceOptions) {
    this.#options = options;
    const { sockets, clock, random, logger, knownLogIds, onLogId } = options;
    this.#sequencer = new Sequencer({ zones: Object.keys(sockets), clock, random, logger, knownLogIds, onLogId });
  }

  async listen(): Promise<void> {
    await Promise.all(Object.entries(this.#options.sockets).map(([zone, path]) => this.#listen(zone, path)));
  }

  status(): Record<string, SequencerStatus> {
    return this.#sequencer.status();
  }

  async close(): Promise<void> {
    this.#sequencer.close();
    await Promise.all(this.#servers.map(server => new Promise<void>(resolve => server.close(() => resolve()))));
  }

  #listen(zone: string, path: string): Promise<void> {
    const { links, clock } = this.#options;
    const server = createServer(socket => {
      const connection = links.nextConnection();
      const shape = (from: string, to: string) =>
        new ShapedDirection({ rules: links, clock, from, to, connection, onReset: () => socket.destroy() });
      const incoming = shape(zone, LOG_PLACE);
      const outgoing = shape(LOG_PLACE, zone);
      const channel = socketChannel<ToZone, FromZone>(socket, {
        incoming: (byteCount, deliver) => incoming.send(byteCount, deliver),
        outgoing: (byteCount, deliver) => outgoing.send(byteCount, deliver),
        onClosed: () => {
          incoming.close();
          outgoing.close();
        },
      });
      this.#sequencer.connect(zone, channel);
    });
    this.#servers.push(server);
    return new Promise((resolve, reject) => {
      server.once('error', reject);
      server.listen(path, resolve);
    });
  }
}
