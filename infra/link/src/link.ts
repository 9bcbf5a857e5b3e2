/**
 * One wire between two places, in user space: listens on the ports of whoever is at its other end, and carries what
 * comes there through the faults in force. It needs no privilege and runs wherever Node does; whoever is sent through it
 * only finds another address under a name.
 */
import { connect, createServer, type Server, type Socket } from 'node:net';
import type { Clock, Logger } from '@stormglass/base';
import type { LinkRules } from '@stormglass/faults';
import { type Carried, carry, WAITING_BYTES_MAX } from './carry.ts';
import { UdpWire } from './udp-wire.ts';

/** A port to listen on, 0 for any that is free, and the port of the target it stands for. */
export interface LinkPort {
  readonly listen: number;
  readonly target: number;
}

/** Where a connection or a flow of datagrams goes: the place decides which faults it meets. */
export interface Destination {
  readonly to: string;
  /** Looked up for each connection and flow. */
  readonly host: string;
  readonly port: number;
}

export interface LinkOptions {
  /** The place whose connections arrive here. */
  readonly from: string;
  /** Where each connection or flow to a port of the target goes; undefined refuses it. */
  readonly choose: (port: number) => Destination | undefined;
  readonly tcp: readonly LinkPort[];
  readonly udp: readonly LinkPort[];
  /** Address to listen on; loopback unless told. */
  readonly address?: string;
  readonly rules: LinkRules;
  readonly clock: Clock;
  readonly logger: Logger;
  /** Connections at a time; more are refused. */
  readonly connectionsMax?: number;
}

export interface LinkStats {
  /** Connections carried so far, and those that are open. */
  readonly connections: number;
  readonly open: number;
  /** Connections turned away because there were too many, or nowhere to go. */
  readonly refused: number;
  readonly bytesThere: number;
  readonly bytesBack: number;
  readonly datagramsThere: number;
  readonly datagramsBack: number;
  /** Senders of datagrams at the moment. */
  readonly flows: number;
}

const CONNECTIONS_MAX = 4096;
/** What may be under way in one direction of a connection when there are many, and of all together. */
const WAITING_BYTES_MIN = 16 * 1024;
const WAITING_BYTES_TOTAL = 64 * 1024 * 1024;
/** Peers whose machine is gone are noticed, after some minutes. */
const SOCKETS = { allowHalfOpen: true, noDelay: true, keepAlive: true, keepAliveInitialDelay: 60_000 };

export class Link {
  readonly #options: LinkOptions;
  readonly #servers: Server[] = [];
  readonly #tcpPorts: number[] = [];
  readonly #udpPorts: number[] = [];
  readonly #udpWires: UdpWire[] = [];
  /** Oldest first, and the place they lead to. */
  readonly #open = new Map<Carried, string>();
  readonly #bytes = { there: 0, back: 0 };
  readonly #datagrams = { datagramsThere: 0, datagramsBack: 0, flows: 0 };
  #connections = 0;
  #refused = 0;

  private constructor(options: LinkOptions) {
    this.#options = options;
  }

  /**
   * Resolves when all ports listen.
   * @throws Error (`EADDRINUSE`, `EACCES`, ...) when one cannot be had
   */
  static async start(options: LinkOptions): Promise<Link> {
    const link = new Link(options);
    try {
      const { address = '127.0.0.1' } = options;
      for (const port of options.tcp) await link.#listen(port, address);
      for (const { listen, target } of options.udp) {
        const wire = new UdpWire({ ...options, choose: () => options.choose(target), counts: link.#datagrams });
        link.#udpPorts.push(await wire.listen(listen, address));
        link.#udpWires.push(wire);
      }
      return link;
    } catch (error) {
      link.close();
      throw error;
    }
  }

  /** Ports that listen, in the order of the options. */
  get tcpPorts(): readonly number[] {
    return this.#tcpPorts;
  }

  get udpPorts(): readonly number[] {
    return this.#udpPorts;
  }

  stats(): LinkStats {
    return {
      ...{ connections: this.#connections, open: this.#open.size, refused: this.#refused },
      ...{ bytesThere: this.#bytes.there, bytesBack: this.#bytes.back, ...this.#datagrams },
    };
  }

  /** How many connections to a place are open. */
  openTo(place: string): number {
    let count = 0;
    for (const to of this.#open.values()) if (to === place) count++;
    return count;
  }

  /** Breaks every connection, or those to a place, so that their clients turn elsewhere. */
  breakAll(place?: string): void {
    for (const [{ breakOff }, to] of [...this.#open]) if (place === undefined || to === place) breakOff();
  }

  close(): void {
    for (const server of this.#servers) server.close();
    for (const wire of this.#udpWires) wire.close();
    this.breakAll();
  }

  async #listen({ listen, target }: LinkPort, address: string): Promise<void> {
    const server = createServer({ ...SOCKETS, pauseOnConnect: true }, client => this.#onClient(client, target));
    await new Promise<void>((resolve, reject) => {
      server.once('error', reject);
      server.listen({ port: listen, host: address, backlog: 1024 }, resolve);
    });
    server.removeAllListeners('error');
    server.on('error', error => this.#options.logger.warn('TCP', { error: error.message }));
    this.#servers.push(server);
    const bound = server.address();
    this.#tcpPorts.push(typeof bound === 'object' && bound !== null ? bound.port : listen);
  }

  #onClient(client: Socket, port: number): void {
    const { rules, clock, from, choose } = this.#options;
    const destination = this.#hasRoom() ? choose(port) : undefined;
    if (destination === undefined) {
      this.#refused++;
      client.on('error', () => {}).resetAndDestroy();
      return;
    }
    this.#connections++;
    const { to, host, port: targetPort } = destination;
    const connection = carry({
      ...{ client, from, to, rules, clock, counts: this.#bytes },
      dial: () => connect({ host, port: targetPort, ...SOCKETS }),
      waitingBytesMax: () => this.#waitingBytesMax(),
      onClosed: () => this.#open.delete(connection),
    });
    this.#open.set(connection, to);
  }

  /**
   * Makes room at the expense of a connection that its target does not know of yet: where a fault keeps openings from
   * arriving, clients give up and come again, and the link cannot tell those that gave up.
   */
  #hasRoom(): boolean {
    const { connectionsMax = CONNECTIONS_MAX } = this.#options;
    if (this.#open.size < connectionsMax) return true;
    for (const connection of this.#open.keys()) {
      if (connection.isOpened) continue;
      connection.breakOff();
      return true;
    }
    return false;
  }

  /** Many connections share what one may have for itself. */
  #waitingBytesMax(): number {
    const share = WAITING_BYTES_TOTAL / (2 * Math.max(1, this.#open.size));
    return Math.max(WAITING_BYTES_MIN, Math.min(WAITING_BYTES_MAX, share));
  }
}
