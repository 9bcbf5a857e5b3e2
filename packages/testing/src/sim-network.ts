/**
 * A network for simulations: ordered connections between named places whose links can be slow, lossy or cut, each way by
 * itself. It behaves as TCP does above IP: what is sent over a cut link waits and arrives when the link heals, unless
 * the connection was broken meanwhile; a loss costs a retransmission.
 */
import type { Clock, Random } from '@stormglass/base';

export interface SimLink {
  latencyMs: number;
  jitterMs: number;
  /** Probability that a message has to be sent again, which costs `RETRANSMIT_MS`. */
  loss: number;
  cut: boolean;
}

export interface SimEnd<Out, In> {
  send(message: Out): void;
  close(): void;
  listen(handlers: { message(message: In): void; closed(): void }): void;
}

const RETRANSMIT_MS = 200;
const CLEAN: SimLink = { latencyMs: 0.3, jitterMs: 0.2, loss: 0, cut: false };

export class SimNetwork {
  readonly #clock: Clock;
  readonly #random: Random;
  readonly #links = new Map<string, SimLink>();
  readonly #connections = new Set<Connection>();

  constructor(clock: Clock, random: Random) {
    this.#clock = clock;
    this.#random = random;
  }

  /** The link from one place to another; change it in place. */
  link(from: string, to: string): SimLink {
    const key = `${from}>${to}`;
    let link = this.#links.get(key);
    if (link === undefined) this.#links.set(key, (link = { ...CLEAN }));
    return link;
  }

  /** Cuts (or mends) both ways between two places. */
  cut(a: string, b: string, cut: boolean): void {
    this.link(a, b).cut = cut;
    this.link(b, a).cut = cut;
    if (!cut) for (const connection of this.#connections) connection.kick();
  }

  /** Every link as it was at the beginning. */
  heal(): void {
    for (const link of this.#links.values()) Object.assign(link, CLEAN);
    for (const connection of this.#connections) connection.kick();
  }

  /** True when nothing gets from one place to the other at the moment. */
  isCut(from: string, to: string): boolean {
    return this.link(from, to).cut;
  }

  /** How long a single message takes from one place to the other; undefined when it does not arrive. */
  delay(from: string, to: string): number | undefined {
    const link = this.link(from, to);
    if (link.cut) return undefined;
    const retransmits = link.loss > 0 && this.#random.next() < link.loss ? RETRANSMIT_MS : 0;
    return link.latencyMs + link.jitterMs * this.#random.next() + retransmits;
  }

  /** A connection between two places, as its two ends. */
  connect<A, B>(from: string, to: string): [SimEnd<A, B>, SimEnd<B, A>] {
    const connection = new Connection(this, this.#clock, from, to, () => this.#connections.delete(connection));
    this.#connections.add(connection);
    return [connection.end(0), connection.end(1)] as [SimEnd<A, B>, SimEnd<B, A>];
  }

  /** Breaks every connection of a place at once: its power went. */
  breakAll(place: string): void {
    for (const connection of [...this.#connections]) if (connection.touches(place)) connection.break();
  }
}

interface Side {
  readonly place: string;
  handlers: { message(message: unknown): void; closed(): void } | undefined;
  readonly inbox: unknown[];
  /** Sent to this side and not yet arrived. */
  readonly onTheWay: unknown[];
  arrivesAt: number;
  moving: boolean;
}

class Connection {
  readonly #network: SimNetwork;
  readonly #clock: Clock;
  readonly #sides: [Side, Side];
  readonly #forget: () => void;
  #broken = false;

  constructor(network: SimNetwork, clock: Clock, from: string, to: string, forget: () => void) {
    this.#network = network;
    this.#clock = clock;
    this.#forget = forget;
    const side = (place: string): Side => ({
      place,
      handlers: undefined,
      inbox: [],
      onTheWay: [],
      arrivesAt: 0,
      moving: false,
    });
    this.#sides = [side(from), side(to)];
  }

  touches(place: string): boolean {
    return this.#sides.some(side => side.place === place);
  }

  end(index: 0 | 1): SimEnd<unknown, unknown> {
    const mine = this.#sides[index];
    const theirs = this.#sides[1 - index]!;
    return {
      send: message => {
        if (this.#broken) return;
        theirs.onTheWay.push(message);
        this.#move(mine, theirs);
      },
      close: () => this.break(),
      listen: handlers => {
        mine.handlers = handlers;
        for (const message of mine.inbox.splice(0)) handlers.message(message);
      },
    };
  }

  /** Both sides hear that the connection is gone; what was on the way is lost. */
  break(): void {
    if (this.#broken) return;
    this.#broken = true;
    this.#forget();
    for (const side of this.#sides) this.#clock.soon(() => side.handlers?.closed());
  }

  kick(): void {
    const [a, b] = this.#sides;
    this.#move(a, b);
    this.#move(b, a);
  }

  #move(from: Side, to: Side): void {
    if (to.moving || this.#broken || to.onTheWay.length === 0) return;
    const delay = this.#network.delay(from.place, to.place);
    if (delay === undefined) return;
    to.moving = true;
    // Order is kept: nothing arrives before what was sent earlier.
    const waits = Math.max(delay, to.arrivesAt - this.#clock.monotonic());
    const batch = to.onTheWay.splice(0);
    to.arrivesAt = this.#clock.monotonic() + waits;
    this.#clock.after(waits, () => {
      to.moving = false;
      if (this.#broken) return;
      for (const message of batch) this.#deliver(to, message);
      this.#move(from, to);
    });
  }

  #deliver(to: Side, message: unknown): void {
    if (this.#broken) return;
    if (to.handlers === undefined) to.inbox.push(message);
    else to.handlers.message(message);
  }
}
