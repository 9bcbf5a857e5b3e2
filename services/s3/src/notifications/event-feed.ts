/**
 * The latest events of a zone, and who waits for more. Bounded: who comes back after a while, or reads slowly, gets what
 * is still kept, and is told when something in between may not be.
 */
export interface FeedEvent {
  /** Its place among all changes of the region, the same in every zone. */
  readonly sequencer: number;
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

/** Where a reader is, and whether it may have missed something since it was here before. */
export interface FeedCursor {
  readonly index: number;
  readonly isComplete: boolean;
}

export class EventFeed {
  readonly #options: FeedOptions;
  readonly #listeners = new Set<() => void>();
  #kept: FeedEvent[] = [];
  /** How many came before those that are kept, in the life of this process. */
  #before = 0;
  /** Every event after this one is kept; undefined while that is not known of any. */
  #completeAfter: number | undefined;

  constructor(options: Partial<FeedOptions> = {}) {
    this.#options = { ...OPTIONS, ...options };
  }

  publish(event: FeedEvent): void {
    this.#completeAfter ??= event.sequencer - 1;
    this.#kept.push(event);
    // In large steps: a step moves all that is kept.
    const over = this.#kept.length - this.#options.eventsMax;
    if (over > this.#options.eventsMax / 2) {
      this.#completeAfter = this.#kept[over - 1]!.sequencer;
      this.#kept = this.#kept.slice(over);
      this.#before += over;
    }
    this.#tell();
  }

  /** The zone caught up in another way than event by event. */
  beginAnew(): void {
    // One more than there were: every reader notices that it was overtaken.
    this.#before += this.#kept.length + 1;
    this.#kept = [];
    this.#completeAfter = undefined;
    this.#tell();
  }

  /** Where events begin that are still to come. */
  end(): FeedCursor {
    return { index: this.#before + this.#kept.length, isComplete: true };
  }

  /** Where the events after `sequencer` begin. */
  after(sequencer: number): FeedCursor {
    let low = 0;
    let high = this.#kept.length;
    while (low < high) {
      const middle = (low + high) >>> 1;
      if (this.#kept[middle]!.sequencer > sequencer) high = middle;
      else low = middle + 1;
    }
    const isComplete = this.#completeAfter !== undefined && sequencer >= this.#completeAfter;
    return { index: this.#before + low, isComplete };
  }

  /** At most `limit` events from a cursor on, and the cursor behind them. */
  read({ index }: FeedCursor, limit: number): { readonly events: readonly FeedEvent[]; readonly next: FeedCursor } {
    const from = Math.max(0, index - this.#before);
    const events = this.#kept.slice(from, from + limit);
    return { events, next: { index: this.#before + from + events.length, isComplete: index >= this.#before } };
  }

  /** Has `tell` called whenever there is news, until the function that is returned is; undefined when too many listen. */
  listen(tell: () => void): (() => void) | undefined {
    if (this.#listeners.size >= this.#options.listenersMax) return undefined;
    this.#listeners.add(tell);
    return () => void this.#listeners.delete(tell);
  }

  #tell(): void {
    for (const tell of this.#listeners) tell();
  }
}
