/**
 * Keeps the copies of objects in this zone as they should be: fetches what is missing or rotten, reads everything again
 * now and then, and deletes what nobody refers to. It hears of single blobs from the index, and walks through all of them
 * when it begins, when the index was replaced, and every few minutes.
 */
import { type Cancel, type Clock, errorStory, type Logger } from '@stormglass/base';
import type { BlobFiles } from '@stormglass/blob-store';
import type { ObjectsReport } from '@stormglass/contracts';
import type { IndexChange, ObjectCommand, ObjectIndexView } from '@stormglass/object-index';
import type { BlobPeers } from './blob-peers.ts';
import { Collection } from './collection.ts';
import { belongsIn, compareCopies, type Difference } from './copies.ts';
import type { InFlight } from './in-flight.ts';
import { Repair } from './repair.ts';
import { Scrub } from './scrub.ts';

/** The zone's replica of the index, as far as it matters here. */
export interface KeptIndex {
  readonly view: Pick<ObjectIndexView, 'blob' | 'blobs' | 'hasGarbage'>;
  upToDate(deadline: number): Promise<void>;
  execute(command: ObjectCommand, options: { readonly deadline: number }): Promise<unknown>;
}

export interface ObjectKeeperOptions {
  readonly zone: string;
  readonly index: KeptIndex;
  readonly files: BlobFiles;
  readonly peers: Pick<BlobPeers, 'zones' | 'fetch'>;
  readonly inFlight: InFlight;
  /** So long a blob lies unwanted before it is deleted, in ms; five minutes unless said. */
  readonly graceMs?: number | undefined;
  readonly clock: Clock;
  readonly logger: Logger;
}

const GRACE_MS = 5 * 60_000;
/** A blob that the log has named may still be on its way here from the zone that took it. */
const ON_ITS_WAY_MS = 2000;
const WALK_EVERY_MS = 10 * 60_000;
const COLLECT_EVERY_MS = 5000;
const DEADLINE_MS = 5000;
/** A report waits so long for copies that are on their way. */
const SETTLE_MS = 1000;
/** So long a report waits for a walk, in ms, where an older one will do. */
const WALK_MS = 5000;
const SETTLE_STEP_MS = 50;

export class ObjectKeeper {
  readonly #options: ObjectKeeperOptions;
  readonly #repair: Repair;
  readonly #collection: Collection;
  readonly #scrub: Scrub;
  readonly #stopping = new AbortController();
  #cancelWalk: Cancel = () => {};
  #cancelCollect: Cancel = () => {};
  #walking: Promise<Difference> | undefined;
  #last: Difference | undefined;
  #collecting: Promise<void> = Promise.resolve();

  constructor(options: ObjectKeeperOptions) {
    this.#options = options;
    const { index, graceMs = GRACE_MS } = options;
    this.#repair = new Repair({ ...options, view: index.view });
    this.#collection = new Collection({
      ...{ ...options, view: index.view, graceMs },
      upToDate: deadline => index.upToDate(deadline),
    });
    this.#scrub = new Scrub({ ...options, onDamaged: id => this.damaged(id) });
  }

  start(): void {
    this.#walkNow();
    this.#scrub.start();
    this.#collectLater();
  }

  /** The index has changed. */
  changed(change: IndexChange): void {
    if (change.kind === 'replaced') this.#walkNow();
    else if (change.kind === 'blob-dropped') this.#collection.unwanted(change.blob.id);
    else if (change.kind === 'blob-added' && belongsIn(this.#options.zone, change.blob)) {
      this.#repair.want(change.blob.id, ON_ITS_WAY_MS);
    }
  }

  /** Somebody did not find the blob here. */
  missing(id: string): void {
    this.#repair.want(id);
  }

  /** Somebody found the blob here rotten. */
  damaged(id: string): void {
    this.#options.logger.warn('objects: a blob is damaged and is fetched again', { blob: id });
    this.#repair.wantInPlace(id);
  }

  scrubNow(): void {
    this.#scrub.now();
  }

  /** How the copies stand now; what is on its way gets a moment to arrive. */
  async report(): Promise<ObjectsReport> {
    const { zone, clock, files } = this.#options;
    const found = await this.#lately();
    const deadline = clock.monotonic() + SETTLE_MS;
    let missing = found.missing;
    for (const id of missing) this.#repair.want(id);
    while (missing.length > 0 && clock.monotonic() < deadline && !this.#stopping.signal.aborted) {
      await new Promise<void>(resolve => void clock.after(SETTLE_STEP_MS, resolve));
      const lengths = await Promise.all(missing.slice(0, 100).map(id => files.storedBytes(id)));
      const left = missing.slice(0, 100).filter((_, i) => lengths[i] === undefined);
      if (left.length === Math.min(100, missing.length)) continue;
      missing = [...left, ...missing.slice(100)];
    }
    return {
      ...{ zone, wanted: found.wanted, storedBytes: found.storedBytes, unwanted: found.unwantedCount },
      missing: missing.length + found.missingCount - found.missing.length,
      damaged: this.#repair.damaged,
      repaired: this.#repair.repaired,
      collected: this.#collection.collected,
      scrub: this.#scrub.state,
    };
  }

  async close(): Promise<void> {
    this.#stopping.abort();
    this.#cancelWalk();
    this.#cancelCollect();
    await Promise.all([this.#repair.close(), this.#scrub.close(), this.#collecting]);
    await this.#walking?.catch(() => {});
  }

  #walkNow(): void {
    this.#cancelWalk();
    this.#cancelWalk = this.#options.clock.after(WALK_EVERY_MS, () => this.#walkNow());
    this.#walk().catch(error => {
      if (!this.#stopping.signal.aborted)
        this.#options.logger.warn('objects: comparing copies failed', { error: errorStory(error) });
    });
  }

  /** What a walk finds now, or what the last one found where a walk takes long. */
  async #lately(): Promise<Difference> {
    const walk = this.#walk();
    const last = this.#last;
    if (last === undefined) return walk;
    const late = Promise.withResolvers<Difference>();
    const cancel = this.#options.clock.after(WALK_MS, () => late.resolve(last));
    walk.catch(() => {});
    return Promise.race([walk, late.promise]).finally(cancel);
  }

  /** One after the other: a walk that began before a change does not know of it. */
  async #walk(): Promise<Difference> {
    while (this.#walking !== undefined) await this.#walking.catch(() => {});
    const { zone, index, files } = this.#options;
    this.#walking = compareCopies({ zone, view: index.view, files }, this.#stopping.signal);
    try {
      const found = await this.#walking;
      this.#last = found;
      for (const id of found.missing) this.#repair.want(id, ON_ITS_WAY_MS);
      for (const id of found.unwanted) this.#collection.unwanted(id);
      return found;
    } finally {
      this.#walking = undefined;
    }
  }

  #collectLater(): void {
    this.#cancelCollect = this.#options.clock.after(COLLECT_EVERY_MS, () => {
      this.#collecting = this.#collect().finally(() => {
        if (!this.#stopping.signal.aborted) this.#collectLater();
      });
    });
  }

  async #collect(): Promise<void> {
    const { index, clock, logger } = this.#options;
    const { signal } = this.#stopping;
    try {
      // Any zone may ask for it; who comes second finds nothing left to do.
      while (index.view.hasGarbage && !signal.aborted)
        await index.execute({ type: 'CollectGarbage' }, { deadline: clock.monotonic() + DEADLINE_MS });
      await this.#collection.collect(signal);
    } catch (error) {
      if (!signal.aborted) logger.debug('objects: collecting waits', { error: errorStory(error) });
    }
  }
}
