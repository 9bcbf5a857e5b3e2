/**
 * Hot state that the processes of a zone share, without a call ever waiting for it. Every process decides from buckets of
 * its own; what it took is settled with the shared ones a moment later, and what others took comes back with the answer
 * and is missing here from then on. Between two settlements each process may be too generous by what the others took;
 * the shared bucket goes into debt for that, so that the rate holds.
 *
 * When the store does not answer, nothing changes for callers: the process goes on with its own buckets, forgets what it
 * could not settle, and tries again in the background.
 */
import type { Cancel, Clock, Logger, Random } from '@stormglass/base';
import { errorStory } from '@stormglass/base';
import { type Amounts, addTo } from './contributor-table.ts';
import type { Contribution, HotState, Taken } from './hot-state.ts';
import { MemoryHotState } from './memory-hot-state.ts';
import type { Settlement, SharedStore } from './shared-store.ts';
import type { Limit } from './token-bucket.ts';

export interface SharedHotStateOptions {
  readonly store: SharedStore;
  /** Its timers need not keep a process alive. */
  readonly clock: Clock;
  readonly random: Random;
  readonly logger: Logger;
}

/** How long what was taken waits for company, in ms. */
const TAKEN_MS = 20;
/** How long counts wait. */
const COUNTED_MS = 500;
/** Buckets in one settlement; more wait for the next one, and beyond `WAITING_MAX` are not settled. */
const BATCH_MAX = 200;
const WAITING_MAX = 10_000;
const RETRY_MS = { first: 100, max: 2000 };

interface Owed {
  readonly limit: Limit;
  tokens: number;
}

export class SharedHotState implements HotState {
  readonly #options: SharedHotStateOptions;
  readonly #own: MemoryHotState;
  #taken = new Map<string, Owed>();
  #counted = new Map<string, Amounts>();
  #isShared = false;
  #hasWarned = false;
  #settling = false;
  #closed = false;
  #retryMs = RETRY_MS.first;
  #timer: { readonly ms: number; readonly cancel: Cancel } | undefined;

  constructor(options: SharedHotStateOptions) {
    this.#options = options;
    this.#own = new MemoryHotState(options.clock);
    this.#settleWithin(0);
  }

  get isShared(): boolean {
    return this.#isShared;
  }

  take(bucket: string, limit: Limit, cost = 1): Taken {
    const taken = this.#own.take(bucket, limit, cost);
    if (taken.allowed && this.#isShared) this.#owe(bucket, limit, cost);
    return taken;
  }

  count(contributors: Readonly<Record<string, string>>, amount = 1): void {
    this.#own.count(contributors, amount);
    if (!this.#isShared) return;
    for (const table in contributors) {
      let amounts = this.#counted.get(table);
      if (amounts === undefined) this.#counted.set(table, (amounts = new Map()));
      addTo(amounts, contributors[table]!, amount);
    }
    this.#settleWithin(COUNTED_MS);
  }

  /** Of all processes of the zone; of this one while the store does not answer. */
  async top(table: string, n: number, windowMs: number): Promise<readonly Contribution[]> {
    // What was counted last is seen as well.
    if (this.#isShared) await this.#settle();
    if (this.#isShared) {
      try {
        return await this.#options.store.top(table, n, windowMs);
      } catch (error) {
        this.#onLoss(error);
      }
    }
    return this.#own.top(table, n, windowMs);
  }

  async close(): Promise<void> {
    this.#closed = true;
    this.#isShared = false;
    this.#timer?.cancel();
    this.#options.store.close();
  }

  #owe(bucket: string, limit: Limit, tokens: number): void {
    const owed = this.#taken.get(bucket);
    if (owed !== undefined) owed.tokens += tokens;
    else if (this.#taken.size < WAITING_MAX) this.#taken.set(bucket, { limit, tokens });
    this.#settleWithin(TAKEN_MS);
  }

  /** One timer for all there is to do: a shorter one replaces a longer one. */
  #settleWithin(ms: number): void {
    if (this.#closed || this.#settling || (this.#timer !== undefined && this.#timer.ms <= ms)) return;
    this.#timer?.cancel();
    this.#timer = { ms, cancel: this.#options.clock.after(ms, () => void this.#settle()) };
  }

  /** Never rejects. One at a time; whoever comes meanwhile does not wait. */
  async #settle(): Promise<void> {
    if (this.#settling || this.#closed) return;
    this.#timer?.cancel();
    this.#timer = undefined;
    this.#settling = true;
    const settlement = this.#gather();
    try {
      const levels = await this.#options.store.settle(settlement);
      this.#settling = false;
      this.#onSettled(settlement, levels);
    } catch (error) {
      this.#settling = false;
      this.#onLoss(error);
    }
  }

  #gather(): Settlement {
    const taken: Settlement['taken'][number][] = [];
    for (const [bucket, { limit, tokens }] of this.#taken) {
      if (taken.length >= BATCH_MAX) break;
      taken.push({ bucket, limit, tokens });
      this.#taken.delete(bucket);
    }
    const counted = [...this.#counted].flatMap(([table, amounts]) =>
      [...amounts].map(([contributor, { amount }]) => ({ table, contributor, amount })),
    );
    this.#counted = new Map();
    return { taken, counted };
  }

  #onSettled({ taken }: Settlement, levels: readonly number[]): void {
    if (this.#closed) return;
    for (const [i, { bucket, limit }] of taken.entries()) {
      // What was taken here while the settlement was under way is not in the shared bucket yet.
      this.#own.lower(bucket, limit, levels[i]! - (this.#taken.get(bucket)?.tokens ?? 0));
    }
    if (!this.#isShared) this.#options.logger.info('hot state: shared with the zone');
    this.#isShared = true;
    this.#hasWarned = false;
    this.#retryMs = RETRY_MS.first;
    if (this.#taken.size > 0) this.#settleWithin(TAKEN_MS);
    else if (this.#counted.size > 0) this.#settleWithin(COUNTED_MS);
  }

  #onLoss(error: unknown): void {
    if (this.#closed) return;
    const { random, logger } = this.#options;
    if (!this.#hasWarned) logger.warn('hot state: of this process alone', { error: errorStory(error) });
    this.#hasWarned = true;
    this.#isShared = false;
    this.#taken = new Map();
    this.#counted = new Map();
    this.#settleWithin(this.#retryMs * (0.5 + random.next() / 2));
    this.#retryMs = Math.min(RETRY_MS.max, this.#retryMs * 2);
  }
}
