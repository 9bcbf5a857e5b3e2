/** What the processes of a zone settle with one another through; Redis in a region, an object in tests. */
import type { Contribution } from './hot-state.ts';
import type { Limit } from './token-bucket.ts';

/** What one process has taken and counted since it settled last. */
export interface Settlement {
  readonly taken: readonly { readonly bucket: string; readonly limit: Limit; readonly tokens: number }[];
  readonly counted: readonly (Contribution & { readonly table: string })[];
}

export interface SharedStore {
  /**
   * Takes what was taken from the shared buckets, whether they have it or not, down to a debt of `burst`; adds what was
   * counted. Resolves with what is left in each bucket of `taken`, in their order. May reject for any reason, and does so
   * within a second when nobody answers; whether it was done is not known then.
   */
  settle(settlement: Settlement): Promise<readonly number[]>;
  /** As `HotState.top`; rejects as `settle` does. */
  top(table: string, n: number, windowMs: number): Promise<readonly Contribution[]>;
  close(): void;
}
