/**
 * An address that clients connect to: the region's endpoint, which gives each connection to a healthy zone, or the
 * address of one zone. On a clean link the socket itself is handed to the zone's host, so that not a byte passes through
 * here; a link with faults is carried byte by byte.
 *
 * A copy of each handed-over socket stays here, unread, for one purpose: when its zone dies, freezes or is cut off,
 * the client hears at once that the connection is over, and connects again (connection termination for unhealthy
 * targets, as a Network Load Balancer does it).
 */
import { connect, createServer, type Server, type Socket } from 'node:net';
import { AwsError, writeError } from '@stormglass/aws-wire';
import type { Clock, Logger } from '@stormglass/base';
import type { LinkRules } from '@stormglass/faults';
import { carry } from '@stormglass/link';

/** Which door took a connection, and when, in ms since the epoch. */
export interface Accepted {
  readonly door: 'region' | 'zone';
  readonly acceptedAt: number;
}

/** A zone as the front door sees it. */
export interface Target {
  readonly zone: string;
  readonly port: number;
  readonly healthy: boolean;
  /** It has caught up and its log confirms writes; such zones are preferred. */
  readonly fit: boolean;
  readonly running: boolean;
  /** Where it listens; this machine unless said otherwise. */
  readonly host?: string;
  /** Hands the connection over; false when the zone cannot take it. Absent where every byte is carried. */
  handOver?(id: number, socket: Socket, accepted: Accepted): boolean;
}

export interface FrontDoorOptions {
  readonly targets: readonly Target[];
  /** A connection that no zone takes gets an answer at a region's door; at a zone's it meets what is left of the zone. */
  readonly of: 'region' | 'zone';
  /** The place that connections come from, as links are named; `clients` unless said. */
  readonly from?: string;
  /** Numbers connections: no two doors to the same zone may give one number. */
  readonly nextId: () => number;
  readonly links: LinkRules;
  readonly clock: Clock;
  readonly logger: Logger;
}

interface Connection {
  readonly zone: string;
  readonly handedOver: boolean;
  readonly end: () => void;
}

export class FrontDoor {
  readonly #options: FrontDoorOptions;
  readonly #server: Server;
  readonly #connections = new Map<number, Connection>();
  readonly #stopListening: () => void;
  readonly #from: string;
  #turn = 0;
  #isClosed = false;

  constructor(options: FrontDoorOptions) {
    this.#options = options;
    this.#from = options.from ?? 'clients';
    // Nothing is read here: the first byte belongs to the zone that gets the socket.
    this.#server = createServer({ pauseOnConnect: true, noDelay: true }, socket => this.#onConnection(socket));
    this.#stopListening = options.links.onChange(() => this.#onLinksChanged());
  }

  /**
   * Listens, for the first time or again after `shut`.
   * @throws Error (`EADDRINUSE`, `EACCES`) when the port cannot be had
   */
  async listen(port: number, host: string): Promise<number> {
    await new Promise<void>((resolve, reject) => {
      this.#server.removeAllListeners('error').once('error', reject);
      this.#server.listen({ port, host, backlog: 1024 }, resolve);
    });
    this.#server.removeAllListeners('error');
    this.#server.on('error', error => this.#options.logger.error('front door', { error: error.message }));
    const address = this.#server.address();
    return typeof address === 'object' && address !== null ? address.port : port;
  }

  connectionsOf(zone: string): number {
    let count = 0;
    for (const connection of this.#connections.values()) if (connection.zone === zone) count++;
    return count;
  }

  /** The zone says that a connection it was given has ended. */
  onClosed(id: number): void {
    const connection = this.#connections.get(id);
    if (connection === undefined) return;
    this.#connections.delete(id);
    connection.end();
  }

  /** Ends every connection to a zone, so that its clients turn to another one. */
  endAll(zone: string): void {
    this.#endWhere(connection => connection.zone === zone);
  }

  /** Refuses connections until it listens again; those there are go on. */
  shut(): void {
    this.#server.close();
  }

  /** Takes no more connections and ends those there are. */
  close(): void {
    this.#isClosed = true;
    this.#stopListening();
    // Node would wait for the copies of handed-over sockets that the zones hold; they end with the zones.
    this.#server.close();
    this.#endWhere(() => true);
  }

  #onConnection(socket: Socket): void {
    socket.on('error', () => {});
    this.#offer(this.#options.nextId(), socket, this.#inOrder());
  }

  /** To the first zone that takes it: of a zone that is gone, and not yet known to be, clients hear nothing. */
  #offer(id: number, socket: Socket, [target, ...others]: readonly Target[]): void {
    if (target === undefined) return this.#onNobody(id, socket);
    if (this.#options.links.touches(this.#from, target.zone)) return this.#proxy(id, socket, target);
    if (target.handOver !== undefined) {
      if (!this.#handOver(id, socket, target)) this.#offer(id, socket, others);
      return;
    }
    const server = dialTo(target);
    const cancel = this.#options.clock.after(DIAL_MS, () => server.destroy());
    const onFailed = () => {
      cancel();
      this.#connections.delete(id);
      if (this.#isClosed) socket.destroy();
      else this.#offer(id, socket, others);
    };
    this.#connections.set(id, { zone: target.zone, handedOver: false, end: () => server.destroy() });
    server.once('error', () => {}).once('close', onFailed);
    server.once('connect', () => {
      cancel();
      server.off('close', onFailed);
      this.#proxy(id, socket, target, server);
    });
  }

  #onNobody(id: number, socket: Socket): void {
    if (this.#options.of === 'region') return refuse(socket);
    // The kernel of a frozen machine takes connections all the same, and nobody reads them.
    const [only] = this.#options.targets;
    if (only?.running) this.#proxy(id, socket, only);
    else socket.resetAndDestroy();
  }

  /**
   * Whom to ask: fit zones, in turns; failing those, healthy ones; failing those, any that
   * runs. A zone that went down this instant cannot take the connection, and the next one is asked.
   */
  #inOrder(): readonly Target[] {
    const { targets } = this.#options;
    const healthy = targets.filter(t => t.healthy);
    const best = healthy.filter(t => t.fit);
    const candidates = best.length > 0 ? best : healthy.length > 0 ? healthy : targets.filter(t => t.running);
    const first = this.#turn++ % Math.max(1, candidates.length);
    return [
      ...candidates.slice(first),
      ...candidates.slice(0, first),
      ...targets.filter(t => t.running && !candidates.includes(t)),
    ];
  }

  #handOver(id: number, socket: Socket, target: Target): boolean {
    // The zone holds the same socket: ending this copy says so to the client even if the zone can no longer do it.
    const end = () => endCopy(socket, this.#options.clock);
    const accepted = { door: this.#options.of, acceptedAt: this.#options.clock.now() };
    if (!target.handOver?.(id, socket, accepted)) return false;
    this.#connections.set(id, { zone: target.zone, handedOver: true, end });
    return true;
  }

  /** `server`: a connection to the zone that is there already. */
  #proxy(id: number, client: Socket, target: Target, server?: Socket): void {
    const { links, clock } = this.#options;
    const onClosed = () => this.#connections.delete(id);
    const dial = () => server ?? dialTo(target);
    const carried = carry({ client, dial, from: this.#from, to: target.zone, rules: links, clock, onClosed });
    this.#connections.set(id, { zone: target.zone, handedOver: false, end: carried.breakOff });
  }

  /** A connection handed over is beyond the reach of new faults: it is ended, and its successor will meet them. */
  #onLinksChanged(): void {
    this.#endWhere(c => c.handedOver && this.#options.links.touches(this.#from, c.zone));
  }

  #endWhere(condition: (connection: Connection) => boolean): void {
    for (const [id, connection] of this.#connections) {
      if (!condition(connection)) continue;
      this.#connections.delete(id);
      connection.end();
    }
  }
}

const END_TIMEOUT_MS = 1000;
/** A zone that is there takes a connection at once, by its kernel. */
const DIAL_MS = 1000;

const dialTo = ({ host = '127.0.0.1', port }: Target): Socket =>
  connect({ host, port, noDelay: true, allowHalfOpen: true });

/**
 * Says goodbye on a socket whose other copy a zone may still hold. Closing this copy alone would say nothing to the
 * client, so the stream is shut down first, and closed when that is done.
 */
function endCopy(socket: Socket, clock: Clock): void {
  const cancel = clock.after(END_TIMEOUT_MS, () => socket.destroy());
  socket.end(() => {
    cancel();
    socket.destroy();
  });
}

/** No zone can be reached: the client gets an answer it can read, and retries. */
function refuse(socket: Socket): void {
  const error = new AwsError('ServiceUnavailable', 503, 'No zone of the region can be reached.');
  // Nothing of the request was read, so the answer takes the form that most clients of a region can.
  const headersOfMost = { 'content-type': 'application/x-www-form-urlencoded' };
  const request = { method: 'POST', path: '/', query: '', headers: headersOfMost, body: Buffer.alloc(0) };
  const { headers, body } = writeError(undefined, error, request, '');
  const text = typeof body === 'string' ? body : '';
  const lines = Object.entries(headers).map(([name, value]) => `${name}: ${value}\r\n`);
  socket.end(
    `HTTP/1.1 503 Service Unavailable\r\n${lines.join('')}content-length: ${Buffer.byteLength(text)}\r\nconnection: close\r\n\r\n${text}`,
  );
  socket.resume();
}
