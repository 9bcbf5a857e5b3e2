/**
 * Holds the events of a process until they are where they belong. An event is on the zone's disk before its call is
 * answered, and is delivered soon after, together with those that came meanwhile; whoever takes delivery knows events by
 * their ids, so that what was delivered just before a crash may be delivered again.
 *
 * Events of one tick are one write. A segment of the disk is what is delivered at once, and is removed when it has been.
 * While nobody takes delivery, segments gather up to a bound; beyond it calls that only read are not written down any
 * more, and beyond another one no call is, which is said in the log of the host.
 */
import { type Clock, errorStory, type Logger, sleep } from '@stormglass/base';
import { type AuditEvent, type AuditSink, readAuditLine, writeAuditLine } from '@stormglass/service-kit';
import type { SpoolStore } from './spool-store.ts';

export interface SpoolLimits {
  /** What is delivered at once, at most. */
  readonly batchEvents: number;
  readonly batchBytes: number;
  /** What may wait, in memory and on the disk. */
  readonly bytesMax: number;
  /** How long events gather before they are delivered, in ms. */
  readonly gatherMs: number;
  /** After a delivery that failed, in ms. */
  readonly retryMs: number;
}

const LIMITS: SpoolLimits = {
  batchEvents: 512,
  batchBytes: 256 * 1024,
  bytesMax: 32 * 1024 * 1024,
  gatherMs: 100,
  retryMs: 500,
};
/** How long a change waits for delivery where the disk does not take its event, in ms. */
const PATIENCE_MS = 2000;
/** Room beyond the bound for calls that change something. */
const RESERVE = 1.25;

export interface AuditSpoolOptions {
  readonly store: SpoolStore;
  /** Rejects where the events have to be delivered again. */
  readonly deliver: (events: readonly AuditEvent[]) => Promise<void>;
  readonly clock: Clock;
  readonly logger: Logger;
  readonly limits?: Partial<SpoolLimits>;
}

interface Segment {
  readonly number: number;
  readonly events: AuditEvent[];
  bytes: number;
}

export class AuditSpool implements AuditSink {
  readonly #options: AuditSpoolOptions;
  readonly #limits: SpoolLimits;
  readonly #stopping = new AbortController();
  /** Events of this tick, and who waits for them to be written. */
  #tick: { readonly event: AuditEvent; readonly line: string }[] = [];
  #written = Promise.withResolvers<boolean>();
  /** Who waits until everything up to a segment is delivered. */
  #deliveries: { readonly number: number; readonly resolve: () => void }[] = [];
  /** To be delivered, the oldest first. */
  readonly #waiting: Segment[] = [];
  #open: Segment;
  #bytes = 0;
  #lost = 0;
  #isDiskWell = true;
  #wake: () => void = () => {};
  readonly #shipping: Promise<void>;

  /** Takes over what an earlier process left in the store. */
  constructor(options: AuditSpoolOptions) {
    this.#options = options;
    this.#limits = { ...LIMITS, ...options.limits };
    for (const number of options.store.segments()) this.#takeOver(number);
    this.#open = { number: (this.#waiting.at(-1)?.number ?? 0) + 1, events: [], bytes: 0 };
    this.#shipping = this.#ship().catch(() => {});
  }

  /** Events that are not delivered yet. */
  get waiting(): number {
    return this.#waiting.reduce((sum, { events }) => sum + events.length, this.#open.events.length + this.#tick.length);
  }

  record(event: AuditEvent): Promise<void> {
    const line = writeAuditLine(event);
    const { bytesMax } = this.#limits;
    if (this.#bytes + line.length > (event.index.readOnly ? bytesMax : bytesMax * RESERVE)) return this.#lose();
    this.#bytes += line.length;
    if (this.#tick.length === 0) this.#options.clock.soon(() => this.#flush());
    this.#tick.push({ event, line });
    return event.index.readOnly ? this.#written.promise.then(() => {}) : this.#safe(this.#written.promise);
  }

  /** What is not delivered by now stays in the store, for the next process. */
  async close(): Promise<void> {
    this.#flush();
    this.#stopping.abort();
    this.#wake();
    await this.#shipping;
  }

  #takeOver(number: number): void {
    const { store, logger } = this.#options;
    // A last line without its end was never acknowledged.
    const lines = store.read(number).split('\n').slice(0, -1);
    const events: AuditEvent[] = [];
    let unreadable = 0;
    for (const line of lines) {
      try {
        events.push(readAuditLine(line));
      } catch {
        unreadable++;
      }
    }
    if (unreadable > 0) logger.warn('events on the disk cannot be read', { segment: number, unreadable });
    const bytes = lines.reduce((sum, line) => sum + line.length + 1, 0);
    this.#bytes += bytes;
    this.#waiting.push({ number, events, bytes });
  }

  #lose(): Promise<void> {
    if (this.#lost++ === 0) {
      this.#options.logger.error('calls are not recorded any more: too many wait for delivery', { bytes: this.#bytes });
    }
    return Promise.resolve();
  }

  #flush(): void {
    const [tick, { resolve }] = [this.#tick, this.#written];
    if (tick.length === 0) return;
    this.#tick = [];
    this.#written = Promise.withResolvers<boolean>();
    let isWritten = true;
    let text = '';
    for (const { event, line } of tick) {
      text += line;
      this.#open.events.push(event);
      this.#open.bytes += line.length;
      const { batchEvents, batchBytes } = this.#limits;
      if (this.#open.events.length < batchEvents && this.#open.bytes < batchBytes) continue;
      isWritten = this.#append(text) && isWritten;
      this.#cut();
      text = '';
    }
    if (text !== '') isWritten = this.#append(text) && isWritten;
    resolve(isWritten);
    this.#wake();
  }

  /** A change whose event the disk does not take waits for the log to take it: there is a quorum, or it had not been made. */
  async #safe(written: Promise<boolean>): Promise<void> {
    if (await written) return;
    await new Promise<void>(resolve => {
      const cancel = this.#options.clock.after(PATIENCE_MS, resolve);
      const onDelivery = () => {
        cancel();
        resolve();
      };
      this.#deliveries.push({ number: this.#open.number, resolve: onDelivery });
    });
  }

  /** Where the disk does not take events, memory keeps them: they are delivered unless the process dies first. */
  #append(text: string): boolean {
    const { store, logger } = this.#options;
    try {
      store.append(this.#open.number, text);
      this.#isDiskWell = true;
      return true;
    } catch (error) {
      if (this.#isDiskWell) logger.warn('events are in memory only', { error: errorStory(error) });
      this.#isDiskWell = false;
      // Part of a line may be there now; nothing may be appended to it.
      this.#cut();
      return false;
    }
  }

  #cut(): void {
    if (this.#open.events.length === 0) return;
    this.#waiting.push(this.#open);
    this.#open = { number: this.#open.number + 1, events: [], bytes: 0 };
  }

  async #ship(): Promise<void> {
    const { clock } = this.#options;
    const { signal } = this.#stopping;
    while (!signal.aborted) {
      if (this.#waiting.length === 0 && this.#open.events.length === 0) {
        await new Promise<void>(resolve => {
          this.#wake = resolve;
        });
      }
      await sleep(clock, this.#limits.gatherMs, signal);
      this.#cut();
      for (let next = this.#waiting[0]; next !== undefined; next = this.#waiting[0]) {
        await this.#deliver(next, signal);
        this.#waiting.shift();
        this.#forget(next);
      }
    }
  }

  /** @throws the signal's reason when it is aborted meanwhile */
  async #deliver({ events, number }: Segment, signal: AbortSignal): Promise<void> {
    const { deliver, clock, logger } = this.#options;
    if (events.length === 0) return;
    for (let failures = 0; ; failures++) {
      try {
        return await deliver(events);
      } catch (error) {
        signal.throwIfAborted();
        if (failures === 0) logger.warn('events wait for delivery', { segment: number, error: errorStory(error) });
      }
      await sleep(clock, this.#limits.retryMs, signal);
    }
  }

  #forget({ number, bytes }: Segment): void {
    const { store, logger } = this.#options;
    this.#bytes -= bytes;
    const isDone = (waiter: { readonly number: number }) => waiter.number <= number + 1;
    for (const waiter of this.#deliveries.filter(isDone)) waiter.resolve();
    this.#deliveries = this.#deliveries.filter(waiter => !isDone(waiter));
    if (this.#lost > 0) logger.warn('calls are recorded again', { lost: this.#lost });
    this.#lost = 0;
    try {
      store.remove(number);
    } catch (error) {
      logger.warn('delivered events stay on the disk, and will be delivered again', { error: errorStory(error) });
    }
  }
}
