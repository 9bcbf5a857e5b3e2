/** A shared store in an object, on virtual time, that can be taken away: the naive model of what Redis does. */
import type { Clock } from '@stormglass/base';
import type { Contribution } from '../hot-state.ts';
import type { Settlement, SharedStore } from '../shared-store.ts';

export class ObjectStore implements SharedStore {
  /** How it answers: after a moment, never, or with an error. */
  mood: 'well' | 'frozen' | 'gone' = 'well';
  settlements = 0;
  readonly #clock: Clock;
  readonly #latencyMs: number;
  #buckets = new Map<string, { tokens: number; at: number }>();
  #amounts = new Map<string, number>();

  constructor(clock: Clock, latencyMs = 1) {
    this.#clock = clock;
    this.#latencyMs = latencyMs;
  }

  flush(): void {
    this.#buckets = new Map();
    this.#amounts = new Map();
  }

  settle({ taken, counted }: Settlement): Promise<readonly number[]> {
    return this.#answer(() => {
      this.settlements++;
      for (const { table, contributor, amount } of counted) {
        const key = `${table}/${contributor}`;
        this.#amounts.set(key, (this.#amounts.get(key) ?? 0) + amount);
      }
      return taken.map(({ bucket, limit, tokens }) => {
        const now = this.#clock.monotonic();
        const known = this.#buckets.get(bucket) ?? { tokens: limit.burst, at: now };
        const refilled = Math.min(limit.burst, known.tokens + ((now - known.at) / 1000) * limit.ratePerSecond);
        const left = Math.max(-limit.burst, refilled - tokens);
        this.#buckets.set(bucket, { tokens: left, at: now });
        return left;
      });
    });
  }

  top(table: string, n: number): Promise<readonly Contribution[]> {
    return this.#answer(() =>
      [...this.#amounts]
        .filter(([key]) => key.startsWith(`${table}/`))
        .map(([key, amount]) => ({ contributor: key.slice(table.length + 1), amount }))
        .sort((a, b) => b.amount - a.amount)
        .slice(0, n),
    );
  }

  close(): void {}

  /** Silence is broken after a second, as the port asks for. */
  #answer<T>(work: () => T): Promise<T> {
    const { mood } = this;
    return new Promise((resolve, reject) => {
      if (mood === 'well') this.#clock.after(this.#latencyMs, () => resolve(work()));
      else this.#clock.after(mood === 'gone' ? 0 : 1000, () => reject(new Error(mood)));
    });
  }
}
