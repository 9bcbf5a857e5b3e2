/**
 * Deletes blobs that no object refers to: those of objects that are gone, and those of uploads that were given up between
 * the bytes and the log. It goes by time that does not jump and by a state that is up to date, because a blob that was
 * just stored is not in the log yet, and one that was just deleted may still be read.
 */

import type { Clock } from '@stormglass/base';
import type { BlobFiles } from '@stormglass/blob-store';
import type { ObjectIndexView } from '@stormglass/object-index';
import { belongsIn } from './copies.ts';
import type { InFlight } from './in-flight.ts';

export interface CollectionOptions {
  readonly zone: string;
  readonly view: Pick<ObjectIndexView, 'blob'>;
  /** Resolves when everything acknowledged is in the view. */
  readonly upToDate: (deadline: number) => Promise<void>;
  readonly files: Pick<BlobFiles, 'delete'>;
  readonly inFlight: InFlight;
  /** So long a blob lies unwanted before it goes. */
  readonly graceMs: number;
  readonly clock: Clock;
}

/** What waits is bounded; the rest is found by the next walk. */
const WAITING_MAX = 200_000;
const UP_TO_DATE_MS = 5000;

export class Collection {
  readonly #options: CollectionOptions;
  /** By id, since when, in monotonic ms; the oldest first. */
  readonly #unwanted = new Map<string, number>();
  #collected = 0;

  constructor(options: CollectionOptions) {
    this.#options = options;
  }

  /** Blobs that were deleted since this process began. */
  get collected(): number {
    return this.#collected;
  }

  /** Nothing seems to refer to the blob. */
  unwanted(id: string): void {
    if (this.#unwanted.has(id) || this.#unwanted.size >= WAITING_MAX) return;
    this.#unwanted.set(id, this.#options.clock.monotonic());
  }

  /**
   * Deletes those that have lain long enough.
   * @throws LogUnavailable when it is not known what is wanted; nothing was deleted then
   */
  async collect(signal?: AbortSignal): Promise<void> {
    const { zone, view, upToDate, files, inFlight, graceMs, clock } = this.#options;
    const until = clock.monotonic() - graceMs;
    const due = [...this.#unwanted].filter(([, since]) => since <= until).map(([id]) => id);
    if (due.length === 0) return;
    // What refers to a blob was sent to the log soon after the blob was stored: by now it is there, or void.
    await upToDate(clock.monotonic() + UP_TO_DATE_MS);
    for (const id of due) {
      if (signal?.aborted) return;
      this.#unwanted.delete(id);
      if (belongsIn(zone, view.blob(id)) || inFlight.has(id)) continue;
      if (await files.delete(id)) this.#collected++;
    }
  }
}
