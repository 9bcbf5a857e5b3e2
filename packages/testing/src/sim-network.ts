/**
 * A network for simulations: ordered connections between named places, with the product's own faults on its links, on
 * virtual time. A message that was on its way when its connection broke is lost.
 */
import type { Clock } from '@stormglass/base';
import { LinkConnection, type LinkRule, LinkRules, type ShapedDirection } from '@stormglass/faults';

export interface SimEnd<Out, In> {
  send(message: Out): void;
  close(): void;
  listen(handlers: { message(message: In): void; closed(): void }): void;
}

/** What a message counts for where a fault asks for its size. */
const MESSAGE_BYTES = 500;
/** Every healthy link: half a millisecond or so, as between zones of one metropolitan area. */
const HEALTHY: LinkRule = {
  id: 'healthy',
  fault: 'latency',
  from: '*',
  to: '*',
  oneWay: true,
  toxicity: 1,
  seed: 1,
  settings: { latencyMs: 0.4, jitterMs: 0.2 },
};

export class SimNetwork {
  readonly rules = new LinkRules();
  readonly #clock: Clock;
  readonly #connections = new Set<Connection>();

  constructor(clock: Clock) {
    this.#clock = clock;
    this.rules.add(HEALTHY);
  }

  /** Cuts (or mends) both ways between two places. */
  cut(a: string, b: string, cut: boolean): void {
    const id = `cut ${a} ${b}`;
    if (cut) this.rules.add({ ...HEALTHY, id, fault: 'partition', from: a, to: b, oneWay: false, settings: {} });
    else this.rules.remove(id);
  }

  /** Every link as it was at the beginning. */
  heal(): void {
    this.rules.replace([HEALTHY]);
  }

  /** A connection between two places, as its two ends. */
  connect<A, B>(from: string, to: string): [SimEnd<A, B>, SimEnd<B, A>] {
    const connection: Connection = new Connection(this.rules, this.#clock, from, to, () =>
      this.#connections.delete(connection),
    );
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
  readonly way: ShapedDirection;
  handlers: { message(message: unknown): void; closed(): void } | undefined;
  readonly inbox: unknown[];
}

class Connection {
  readonly #clock: Clock;
  readonly #link: LinkConnection;
  readonly #sides: readonly [Side, Side];
  readonly #forget: () => void;
  #broken = false;

  constructor(rules: LinkRules, clock: Clock, from: string, to: string, forget: () => void) {
    this.#clock = clock;
    this.#forget = forget;
    this.#link = new LinkConnection({ rules, clock, from, to, onReset: () => this.break() });
    const side = (place: string, way: ShapedDirection): Side => ({ place, way, handlers: undefined, inbox: [] });
    this.#sides = [side(from, this.#link.there), side(to, this.#link.back)];
  }

  touches(place: string): boolean {
    return this.#sides.some(side => side.place === place);
  }

  end(index: 0 | 1): SimEnd<unknown, unknown> {
    const mine = this.#sides[index];
    const theirs = this.#sides[1 - index]!;
    return {
      send: message => mine.way.send(MESSAGE_BYTES, () => this.#deliver(theirs, message)),
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
    this.#link.close();
    for (const side of this.#sides) this.#clock.soon(() => side.handlers?.closed());
  }

  #deliver(to: Side, message: unknown): void {
    if (this.#broken) return;
    if (to.handlers === undefined) to.inbox.push(message);
    else to.handlers.message(message);
  }
}
