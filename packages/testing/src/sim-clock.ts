/**
 * Virtual time for simulations: nothing waits, the clock jumps from one event to the next. Between two events all
 * promise reactions run to their end, so one seed always gives one history.
 */
import type { Cancel, Clock } from '@stormglass/base';

interface Event {
  readonly at: number;
  readonly order: number;
  run: (() => void) | undefined;
}

export class SimClock implements Clock {
  readonly #start: number;
  readonly #heap: Event[] = [];
  #now = 0;
  #order = 0;

  /** `start`: what the wall clock shows at the beginning, in ms since the epoch. */
  constructor(start = Date.UTC(2026, 0, 1)) {
    this.#start = start;
  }

  now(): number {
    return Math.floor(this.#start + this.#now);
  }

  monotonic(): number {
    return this.#now;
  }

  after(ms: number, run: () => void): Cancel {
    const event: Event = { at: this.#now + Math.max(0, ms), order: this.#order++, run };
    this.#push(event);
    return () => {
      event.run = undefined;
    };
  }

  soon(run: () => void): void {
    this.after(0, run);
  }

  /** Runs events until virtual time `until` (ms since the start) or until `done` says so. */
  async run(until: number, done: () => boolean = () => false): Promise<void> {
    await settle();
    while (this.#heap.length > 0 && this.#heap[0]!.at <= until && !done()) {
      const event = this.#pop();
      if (event.run === undefined) continue;
      this.#now = event.at;
      event.run();
      await settle();
    }
    if (!done()) this.#now = Math.max(this.#now, until);
  }

  #push(event: Event): void {
    const heap = this.#heap;
    let i = heap.push(event) - 1;
    while (i > 0) {
      const parent = (i - 1) >> 1;
      if (!before(event, heap[parent]!)) break;
      heap[i] = heap[parent]!;
      i = parent;
    }
    heap[i] = event;
  }

  #pop(): Event {
    const heap = this.#heap;
    const top = heap[0]!;
    const last = heap.pop()!;
    if (heap.length === 0) return top;
    let i = 0;
    for (;;) {
      let child = 2 * i + 1;
      if (child >= heap.length) break;
      if (child + 1 < heap.length && before(heap[child + 1]!, heap[child]!)) child++;
      if (!before(heap[child]!, last)) break;
      heap[i] = heap[child]!;
      i = child;
    }
    heap[i] = last;
    return top;
  }
}

const before = (a: Event, b: Event): boolean => a.at < b.at || (a.at === b.at && a.order < b.order);

/** Lets every promise reaction that is due run, however long their chain. */
const settle = (): Promise<void> => new Promise(resolve => setImmediate(resolve));
