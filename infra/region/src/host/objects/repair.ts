/**
 * Fetches from other zones what this one should have and has not, or has and is rotten. It is told of single blobs, by the
 * index and by whoever reads them, and keeps asking for them until they are here or nobody wants them any more.
 */

import { type Cancel, type Clock, errorStory, type Logger } from '@stormglass/base';
import type { BlobFiles } from '@stormglass/blob-store';
import type { ObjectIndexView } from '@stormglass/object-index';
import type { BlobPeers } from './blob-peers.ts';
import { belongsIn } from './copies.ts';
import type { InFlight } from './in-flight.ts';

export interface RepairOptions {
  readonly zone: string;
  readonly view: Pick<ObjectIndexView, 'blob'>;
  readonly files: BlobFiles;
  readonly peers: Pick<BlobPeers, 'zones' | 'fetch'>;
  readonly inFlight: InFlight;
  readonly clock: Clock;
  readonly logger: Logger;
}

/** Fetches at a time. */
const FETCHES = 4;
const STEP_MS = 20;
const RETRY_FIRST_MS = 500;
const RETRY_MAX_MS = 15_000;
/** Ids that wait; what is beyond is found again by a walk through all copies. */
const WAITING_MAX = 100_000;

interface Wish {
  readonly id: string;
  /** Monotonic ms. */
  due: number;
  tries: number;
}

export class Repair {
  readonly #options: RepairOptions;
  readonly #wishes = new Map<string, Wish>();
  readonly #damaged = new Set<string>();
  readonly #fetching = new Set<Promise<void>>();
  readonly #stopping = new AbortController();
  #cancel: Cancel = () => {};
  #pumpDue = Number.POSITIVE_INFINITY;
  #repaired = 0;

  constructor(options: RepairOptions) {
    this.#options = options;
  }

  /** Blobs that are known to be rotten here. */
  get damaged(): number {
    return this.#damaged.size;
  }

  /** Copies that were fetched since this process began. */
  get repaired(): number {
    return this.#repaired;
  }

  /** The blob may be missing here; it is looked for after `delayMs`. */
  want(id: string, delayMs = 0): void {
    const due = this.#options.clock.monotonic() + delayMs;
    const wish = this.#wishes.get(id);
    if (wish !== undefined) wish.due = Math.min(wish.due, due);
    else if (this.#wishes.size < WAITING_MAX) this.#wishes.set(id, { id, due, tries: 0 });
    this.#pumpAt(due);
  }

  /** The copy here is rotten: another takes its place. */
  wantInPlace(id: string): void {
    if (!belongsIn(this.#options.zone, this.#options.view.blob(id))) return;
    this.#damaged.add(id);
    this.want(id);
  }

  async close(): Promise<void> {
    this.#stopping.abort();
    this.#cancel();
    await Promise.all(this.#fetching);
  }

  #pumpAt(due: number): void {
    if (due >= this.#pumpDue || this.#stopping.signal.aborted) return;
    const { clock } = this.#options;
    this.#cancel();
    this.#pumpDue = due;
    this.#cancel = clock.after(Math.max(0, due - clock.monotonic()), () => {
      this.#pumpDue = Number.POSITIVE_INFINITY;
      this.#pump();
    });
  }

  #pump(): void {
    const now = this.#options.clock.monotonic();
    let next = Number.POSITIVE_INFINITY;
    for (const wish of this.#wishes.values()) {
      if (wish.due > now) {
        next = Math.min(next, wish.due);
        continue;
      }
      if (this.#fetching.size >= FETCHES) return;
      // Until it is over; what is wanted meanwhile is the same.
      wish.due = Number.POSITIVE_INFINITY;
      const fetching = this.#fulfil(wish).finally(() => {
        this.#fetching.delete(fetching);
        this.#pumpAt(0);
      });
      this.#fetching.add(fetching);
    }
    // Every blob that is stored is a wish for a while: they are looked through together.
    if (next !== Number.POSITIVE_INFINITY) this.#pumpAt(Math.max(next, now + STEP_MS));
  }

  async #fulfil(wish: Wish): Promise<void> {
    const { logger, clock } = this.#options;
    try {
      if (await this.#isDone(wish.id)) {
        this.#wishes.delete(wish.id);
        return;
      }
    } catch (error) {
      if (this.#stopping.signal.aborted) return;
      const { id, tries } = wish;
      if (tries === 0) logger.warn('objects: a copy could not be fetched yet', { blob: id, error: errorStory(error) });
    }
    wish.tries++;
    wish.due = clock.monotonic() + Math.min(RETRY_MAX_MS, RETRY_FIRST_MS * 2 ** Math.min(10, wish.tries));
  }

  /** @returns false where it is to be tried again */
  async #isDone(id: string): Promise<boolean> {
    const { zone, view, files, inFlight } = this.#options;
    const blob = view.blob(id);
    if (blob === undefined || !belongsIn(zone, blob)) {
      this.#damaged.delete(id);
      return true;
    }
    if (inFlight.has(id)) return false;
    if (!this.#damaged.has(id) && (await files.storedBytes(id)) !== undefined) return true;
    // Nobody else has what belongs here alone.
    if (blob.zone !== undefined) return false;
    if (!(await this.#fetch(id))) return false;
    this.#damaged.delete(id);
    this.#repaired++;
    return true;
  }

  async #fetch(id: string): Promise<boolean> {
    const { peers, files, inFlight } = this.#options;
    const landed = inFlight.begin(id);
    let cause: unknown;
    try {
      for (const peer of peers.zones) {
        try {
          const stored = await peers.fetch(peer, id, this.#stopping.signal);
          if (stored === undefined) continue;
          try {
            await files.receive(id, stored);
          } finally {
            stored.destroy();
          }
          return true;
        } catch (error) {
          cause = error;
        }
      }
    } finally {
      landed();
    }
    if (cause !== undefined) throw cause;
    return false;
  }
}
