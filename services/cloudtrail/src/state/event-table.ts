/**
 * The newest events of all accounts, in the order of their times. It is bounded in number, in size and in age; what is
 * as old as something that had to leave is not taken any more, so that an event that comes late a second time is not
 * recorded a second time.
 */
import type { ApplyContext } from '@stormglass/replicated-state';
import type { AuditIndex } from '@stormglass/service-kit';
import type { RecordEvents } from './commands.ts';

export interface StoredEvent {
  readonly id: string;
  readonly time: number;
  readonly index: AuditIndex;
  /** The records that were written together with this one's, compressed. */
  readonly records: string;
  /** Its place among them. */
  readonly place: number;
  /** Its part of them, in bytes. */
  readonly share: number;
  /** Position of the entry of the log that brought it; 0 where an older build wrote it down. */
  readonly seq: number;
}

/** Where an event stands among others. */
export type Position = readonly [time: number, id: string];

/** In the order of snapshots: events by the piece that has their records. */
export type SnapshotRecord =
  | { readonly floor: Position }
  | {
      readonly records: string;
      readonly indexes: readonly AuditIndex[];
      readonly events: readonly (readonly [
        id: string,
        time: number,
        index: number,
        place: number,
        share: number,
        seq?: number,
      ])[];
    };

export interface EventLimits {
  readonly eventsMax: number;
  readonly bytesMax: number;
  readonly ageMaxMs: number;
}

/** CloudTrail keeps 90 days; the rest is what a zone can keep in memory. */
export const LIMITS: EventLimits = { eventsMax: 50_000, bytesMax: 32 * 1024 * 1024, ageMaxMs: 90 * 24 * 3_600_000 };

/** So many more than the limit are let in before the oldest leave together. */
const SLACK_SHARE = 0.02;
/** What an event weighs beside its record, in bytes. */
const INDEX_BYTES = 200;
const NOTHING: Position = [0, ''];

const positionOf = ({ time, id }: StoredEvent): Position => [time, id];
const isBefore = (one: Pick<StoredEvent, 'time' | 'id'>, time: number, id: string): boolean =>
  one.time < time || (one.time === time && one.id < id);

export class EventTable {
  readonly #limits: EventLimits;
  /** Oldest first. */
  #events: StoredEvent[] = [];
  readonly #ids = new Set<string>();
  #bytes = 0;
  /** Everything up to here has left. */
  #floor: Position = NOTHING;

  constructor(limits: EventLimits = LIMITS) {
    this.#limits = limits;
  }

  get size(): number {
    return this.#events.length;
  }

  /** Takes events whose ids it does not know. */
  record({ events, indexes, records }: Omit<RecordEvents, 'type'>, { seq, now }: ApplyContext): void {
    const share = INDEX_BYTES + Math.ceil(records.length / Math.max(1, events.length));
    let place = 0;
    for (const [id, time, number] of events)
      this.#add({ id, time, index: indexes[number]!, records, place: place++, share, seq });
    this.#forgetOldest(now);
  }

  /** Events from the newest to the oldest, those before `after` only. */
  *newestFirst(after?: Position): Iterable<StoredEvent> {
    const events = this.#events;
    for (let i = (after === undefined ? events.length : this.#place(...after)) - 1; i >= 0; i--) yield events[i]!;
  }

  /** Events that came after an entry of the log, the oldest first. */
  *cameAfter(seq: number): Iterable<StoredEvent> {
    for (const event of this.#events) if (event.seq > seq) yield event;
  }

  *snapshot(): Iterable<SnapshotRecord> {
    const byRecords = Map.groupBy(this.#events, ({ records }) => records);
    yield { floor: this.#floor };
    for (const [records, events] of byRecords) {
      const indexes = [...new Set(events.map(({ index }) => index))];
      const shown = events.map(
        ({ id, time, index, place, share, seq }) => [id, time, indexes.indexOf(index), place, share, seq] as const,
      );
      yield { records, indexes, events: shown };
    }
  }

  clear(): void {
    this.#events = [];
    this.#ids.clear();
    this.#bytes = 0;
    this.#floor = NOTHING;
  }

  install(record: SnapshotRecord): void {
    if ('floor' in record) {
      this.#floor = record.floor;
      return;
    }
    const { records, indexes, events } = record;
    for (const [id, time, number, place, share, seq = 0] of events) {
      this.#add({ id, time, index: indexes[number]!, records, place, share, seq });
    }
  }

  #add(event: StoredEvent): void {
    const { time, id } = event;
    const [floorTime, floorId] = this.#floor;
    if (isBefore(event, floorTime, floorId) || (time === floorTime && id === floorId) || this.#ids.has(id)) return;
    const place = this.#place(time, id);
    if (place === this.#events.length) this.#events.push(event);
    else this.#events.splice(place, 0, event);
    this.#ids.add(id);
    this.#bytes += event.share;
  }

  /** How many events are before a position. Most are asked for at the end. */
  #place(time: number, id: string): number {
    const events = this.#events;
    let [low, high] = [0, events.length];
    if (high === 0 || isBefore(events[high - 1]!, time, id)) return high;
    while (low < high) {
      const middle = (low + high) >>> 1;
      if (isBefore(events[middle]!, time, id)) low = middle + 1;
      else high = middle;
    }
    return low;
  }

  #forgetOldest(now: number): void {
    const { eventsMax, bytesMax, ageMaxMs } = this.#limits;
    const events = this.#events;
    let leaving = 0;
    while (leaving < events.length && events[leaving]!.time < now - ageMaxMs) leaving++;
    if (events.length > eventsMax * (1 + SLACK_SHARE)) leaving = Math.max(leaving, events.length - eventsMax);
    if (this.#bytes > bytesMax * (1 + SLACK_SHARE)) leaving = Math.max(leaving, this.#beyond(bytesMax));
    if (leaving === 0) return;
    this.#floor = positionOf(events[leaving - 1]!);
    for (const { id, share } of events.splice(0, leaving)) {
      this.#ids.delete(id);
      this.#bytes -= share;
    }
  }

  /** How many of the oldest must leave for the rest to be within `bytesMax`. */
  #beyond(bytesMax: number): number {
    let bytes = this.#bytes;
    let count = 0;
    while (bytes > bytesMax) bytes -= this.#events[count++]!.share;
    return count;
  }
}
