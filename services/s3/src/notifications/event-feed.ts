/**
 * The latest events of a zone, and who waits for more. Bounded: who comes back after a while, or reads slowly, gets what
 * is still kept, and is told when something in between is not.
 */
import type { EventPlace } from './event-record.ts';

export interface FeedEvent {
  readonly place: EventPlace;
  readonly bucket: string;
  /** The event, JSON. */
  readonly text: string;
}

export interface FeedOptions {
  /** Events that are kept, and half as many more. */
  readonly eventsMax: number;
  readonly listenersMax: number;
}

const OPTIONS: FeedOptions = { eventsMax: 10_000, listenersMax: 200 };

export class EventFeed {
  readonly #options: FeedOptions;
  readonly #listeners = new Set<() => void>();
  #kept: FeedEvent[] = [];
  /** Before the first of those kept there may have been others, up to here. */
  #forgotten: EventPlace = { position: 0, number: 0 };
  #end: EventPlace = { position: 0, number: 0 };

  constructor(options: Partial<FeedOptions> = {}) {
    this.#options = { ...OPTIONS, ...options };
  }

  /** The place of the last event, or of what the zone knew before the first one. */
  get end(): EventPlace {
    return this.#end;
  }

  publish(event: FeedEvent): void {
    this.#kept.push(event);
    this.#end = event.place;
    // In large steps: a step moves all that is kept.
    const over = this.#kept.length - this.#options.eventsMax;
    if (over > this.#options.eventsMax / 2) {
      this.#forgotten = this.#kept[over - 1]!.place;
      this.#kept = this.#kept.slice(over);
    }
    for (const tell of this.#listeners) tell();
  }

  /** The zone knows everything up to `place`, but not event by event: it started there, or caught up by a snapshot. */
  beginAt(place: EventPlace): void {
    this.#kept = [];
    this.#forgotten = this.#end = place;
    for (const tell of this.#listeners) tell();
  }

  /** At most `limit` of the events after `place`, and whether these are all there were up to the last of them. */
  after(place: EventPlace, limit: number): { readonly events: readonly FeedEvent[]; readonly isComplete: boolean } {
    let low = 0;
    let high = this.#kept.length;
    while (low < high) {
      const middle = (low + high) >>> 1;
      if (isAfter(this.#kept[middle]!.place, place)) high = middle;
      else low = middle + 1;
    }
    return { events: this.#kept.slice(low, low + limit), isComplete: !isAfter(this.#forgotten, place) };
  }

  /** Has `tell` called whenever there is news, until the function that is returned is; undefined when too many listen. */
  listen(tell: () => void): (() => void) | undefined {
    if (this.#listeners.size >= this.#options.listenersMax) return undefined;
    this.#listeners.add(tell);
    return () => void this.#listeners.delete(tell);
  }
}

const isAfter = (a: EventPlace, b: EventPlace): boolean =>
  a.position > b.position || (a.position === b.position && a.number > b.number);
