/** Hot state in the memory of one process: all there is where one process is a zone, and what the others stand on. */
import type { Clock } from '@stormglass/base';
import { ContributorTable } from './contributor-table.ts';
import type { Contribution, HotState, Taken } from './hot-state.ts';
import { RecentMap } from './recent-map.ts';
import { type Bucket, fullBucket, type Limit, refill, takeFrom, waitMs } from './token-bucket.ts';

const BUCKETS_MAX = 50_000;

export class MemoryHotState implements HotState {
  readonly isShared = false;
  readonly #clock: Pick<Clock, 'monotonic'>;
  readonly #buckets = new RecentMap<Bucket>(BUCKETS_MAX);
  readonly #tables = new Map<string, ContributorTable>();

  /** Only differences of `clock.monotonic()` matter: a wall clock that is set wrong opens or closes no bucket. */
  constructor(clock: Pick<Clock, 'monotonic'>) {
    this.#clock = clock;
  }

  take(name: string, limit: Limit, cost = 1): Taken {
    const bucket = this.#bucket(name, limit);
    if (takeFrom(bucket, cost)) return { allowed: true, remaining: wholeTokens(bucket), retryAfterMs: 0 };
    return { allowed: false, remaining: wholeTokens(bucket), retryAfterMs: waitMs(bucket, limit, cost) };
  }

  /** Others have taken from the bucket as well: no more than `tokens` are left. Never adds any. */
  lower(name: string, limit: Limit, tokens: number): void {
    const bucket = this.#bucket(name, limit);
    bucket.tokens = Math.min(bucket.tokens, tokens);
  }

  count(contributors: Readonly<Record<string, string>>, amount = 1): void {
    const now = this.#clock.monotonic();
    for (const name in contributors) {
      let table = this.#tables.get(name);
      if (table === undefined) this.#tables.set(name, (table = new ContributorTable()));
      table.add(contributors[name]!, amount, now);
    }
  }

  async top(table: string, n: number, windowMs: number): Promise<readonly Contribution[]> {
    return this.#tables.get(table)?.top(n, windowMs, this.#clock.monotonic()) ?? [];
  }

  async close(): Promise<void> {}

  #bucket(name: string, limit: Limit): Bucket {
    const now = this.#clock.monotonic();
    const known = this.#buckets.get(name);
    if (known !== undefined) {
      refill(known, limit, now);
      return known;
    }
    const bucket = fullBucket(limit, now);
    this.#buckets.set(name, bucket);
    return bucket;
  }
}

const wholeTokens = ({ tokens }: Bucket): number => Math.max(0, Math.floor(tokens));
