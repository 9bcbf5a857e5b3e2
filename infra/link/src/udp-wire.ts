/**
 * Carries the datagrams of one UDP port through the faults between two places. Whoever sends from one address and port
 * has a flow: a socket towards the target, so that answers find their way back. Datagrams may get lost, so whatever does
 * not fit is dropped: flows above their number, and bytes above what may be under way.
 */
import { createSocket, type RemoteInfo, type Socket } from 'node:dgram';
import { lookup } from 'node:dns/promises';
import { type Cancel, type Clock, errorStory, type Logger } from '@stormglass/base';
import { LinkConnection, type LinkRules } from '@stormglass/faults';
import type { Destination } from './link.ts';

export interface UdpWireOptions {
  readonly from: string;
  readonly choose: () => Destination | undefined;
  readonly rules: LinkRules;
  readonly clock: Clock;
  readonly logger: Logger;
  readonly counts: CarriedDatagrams;
}

export interface CarriedDatagrams {
  datagramsThere: number;
  datagramsBack: number;
  flows: number;
}

const FLOWS_MAX = 1024;
/** A flow that was silent for so long is over; the next datagram of its sender begins another. */
const IDLE_MS = 30_000;
/** What may be under way in one direction of a flow. */
const WAITING_BYTES_MAX = 256 * 1024;

export class UdpWire {
  readonly #options: UdpWireOptions;
  readonly #socket = createSocket('udp4');
  readonly #flows = new Map<string, Flow>();

  constructor(options: UdpWireOptions) {
    this.#options = options;
    this.#socket.on('message', (datagram, sender) => this.#onDatagram(datagram, sender));
  }

  /**
   * Resolves to the port.
   * @throws Error (`EADDRINUSE`, ...) when it cannot be had
   */
  async listen(port: number, host: string): Promise<number> {
    await new Promise<void>((resolve, reject) => {
      this.#socket.once('error', reject);
      this.#socket.bind(port, host, resolve);
    });
    this.#socket.removeAllListeners('error');
    this.#socket.on('error', error => this.#options.logger.warn('UDP', { error: error.message }));
    return this.#socket.address().port;
  }

  close(): void {
    for (const flow of this.#flows.values()) flow.close();
    this.#socket.close();
  }

  #onDatagram(datagram: Buffer, sender: RemoteInfo): void {
    const key = `${sender.address} ${sender.port}`;
    const flow = this.#flows.get(key) ?? this.#begin(key, sender);
    if (flow === undefined) return;
    this.#options.counts.datagramsThere++;
    flow.send(datagram);
  }

  #begin(key: string, sender: RemoteInfo): Flow | undefined {
    const { choose, counts } = this.#options;
    const destination = this.#flows.size < FLOWS_MAX ? choose() : undefined;
    if (destination === undefined) return undefined;
    counts.flows++;
    const flow = new Flow({
      ...this.#options,
      destination,
      answer: datagram => {
        counts.datagramsBack++;
        this.#socket.send(datagram, sender.port, sender.address);
      },
      onClosed: () => {
        this.#flows.delete(key);
        counts.flows--;
      },
    });
    this.#flows.set(key, flow);
    return flow;
  }
}

interface FlowOptions extends UdpWireOptions {
  readonly destination: Destination;
  readonly answer: (datagram: Buffer) => void;
  readonly onClosed: () => void;
}

class Flow {
  readonly #options: FlowOptions;
  readonly #link: LinkConnection;
  readonly #socket: Socket = createSocket('udp4');
  /** What was sent before the name of the target was found; undefined afterwards. */
  #early: Buffer[] | undefined = [];
  #lastUsed: number;
  #cancel: Cancel = () => {};
  #isClosed = false;

  constructor(options: FlowOptions) {
    this.#options = options;
    const { rules, clock, from, destination, answer, logger } = options;
    this.#lastUsed = clock.monotonic();
    this.#link = new LinkConnection({
      ...{ rules, clock, from, to: destination.to, medium: 'datagrams' },
      // A refused flow stays, and swallows what its sender goes on to send.
      onReset: () => {},
    });
    this.#socket.on('message', datagram => this.#carry(this.#link.back, datagram, () => answer(datagram)));
    // The target refuses datagrams: so does a port that nobody has, and its sender hears nothing of it.
    this.#socket.on('error', () => {});
    this.#expire(IDLE_MS);
    this.#connect().catch((error: unknown) => {
      logger.warn('the target of datagrams cannot be reached', { host: destination.host, error: errorStory(error) });
      this.close();
    });
  }

  send(datagram: Buffer): void {
    this.#lastUsed = this.#options.clock.monotonic();
    this.#carry(this.#link.there, datagram, () => {
      if (this.#early === undefined) this.#socket.send(datagram);
      else if (this.#early.length < EARLY_MAX) this.#early.push(datagram);
    });
  }

  close(): void {
    if (this.#isClosed) return;
    this.#isClosed = true;
    this.#cancel();
    this.#link.close();
    this.#socket.close();
    this.#options.onClosed();
  }

  #carry(way: LinkConnection['there'], datagram: Buffer, deliver: () => void): void {
    if (way.waitingBytes + datagram.length <= WAITING_BYTES_MAX) way.send(datagram, deliver);
  }

  async #connect(): Promise<void> {
    const { host, port } = this.#options.destination;
    const { address } = await lookup(host, { family: 4 });
    if (this.#isClosed) return;
    await new Promise<void>((resolve, reject) => {
      // What Node hands over here when the address cannot be reached, its types do not tell.
      const onConnect = (error?: Error | null) => (error ? reject(error) : resolve());
      this.#socket.connect(port, address, onConnect);
    });
    if (this.#isClosed) return;
    for (const datagram of this.#early ?? []) this.#socket.send(datagram);
    this.#early = undefined;
  }

  #expire(ms: number): void {
    const { clock } = this.#options;
    this.#cancel = clock.after(ms, () => {
      const left = this.#lastUsed + IDLE_MS - clock.monotonic();
      if (left > 0) this.#expire(left);
      else this.close();
    });
  }
}

const EARLY_MAX = 64;
