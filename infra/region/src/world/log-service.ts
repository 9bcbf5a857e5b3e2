/**
 * The sequencer's place in the world: a port for hosts, whose certificates say which zone they are, each behind the
 * faults of the link between its zone and the log. `log` is a place of its own: a zone cut off from everything is cut
 * off from it as well.
 */
import type { TLSSocket } from 'node:tls';
import type { Clock, Logger, Random } from '@stormglass/base';
import { LinkConnection, type LinkRules } from '@stormglass/faults';
import { MutualTlsServer, type TlsIdentity } from '@stormglass/pki';
import {
  type FromZone,
  Sequencer,
  type SequencerStatus,
  socketChannel,
  type ToZone,
} from '@stormglass/replicated-state';

export const LOG_PLACE = 'log';

export interface LogServiceOptions {
  readonly region: string;
  /** Zone ids. */
  readonly zones: readonly string[];
  readonly identity: TlsIdentity;
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
  readonly #server: MutualTlsServer;

  constructor(options: LogServiceOptions) {
    this.#options = options;
    const { region, zones, identity, clock, random, logger, knownLogIds, onLogId } = options;
    this.#sequencer = new Sequencer({ zones, clock, random, logger, knownLogIds, onLogId });
    this.#server = new MutualTlsServer({
      ...{ identity, clock, logger },
      admits: peer => peer.role === 'host' && peer.region === region && zones.includes(peer.zone),
      onPeer: (socket, { zone }) => this.#connect(zone, socket),
    });
  }

  /** @throws Error (`EADDRINUSE`, ...) when the port cannot be had */
  async listen(port: number): Promise<void> {
    await this.#server.listen(port, '127.0.0.1');
  }

  status(): Record<string, SequencerStatus> {
    return this.#sequencer.status();
  }

  async close(): Promise<void> {
    this.#sequencer.close();
    await this.#server.close();
  }

  #connect(zone: string, socket: TLSSocket): void {
    const { links, clock } = this.#options;
    const onReset = () => void socket.destroy();
    const link = new LinkConnection({ rules: links, clock, from: zone, to: LOG_PLACE, onReset });
    const channel = socketChannel<ToZone, FromZone>(socket, {
      clock,
      incoming: (byteCount, deliver) => link.there.send(byteCount, deliver),
      outgoing: (byteCount, deliver) => link.back.send(byteCount, deliver),
      onClosed: () => link.close(),
    });
    this.#sequencer.connect(zone, channel);
  }
}
