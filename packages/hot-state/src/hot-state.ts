/**
 * What a zone knows only for the moment: how much of each limit is left, and who does most. It is never replicated and
 * never written to a disk; a zone that loses it is more generous for a moment, and nothing else (docs/decisions/0015).
 */
import type { Limit } from './token-bucket.ts';

export interface Taken {
  readonly allowed: boolean;
  /** Whole tokens that are left; 0 when there are less, or debts. */
  readonly remaining: number;
  /** After how long there are enough tokens, in ms; 0 when there were, Infinity when there never are. */
  readonly retryAfterMs: number;
}

export interface Contribution {
  readonly contributor: string;
  /** At least as much as this; what is small may have been forgotten in between. */
  readonly amount: number;
}

export interface HotState {
  /** Whether other processes of the zone see what happens here, and the other way round. */
  readonly isShared: boolean;
  /** Takes `cost` tokens from a bucket if it has them. Decides at once, from what this process knows. */
  take(bucket: string, limit: Limit, cost?: number): Taken;
  /**
   * Counts an event for its contributor in each table: `{ account: '123456789012', address: '10.0.0.1' }`. Tables are
   * named by the code and never by clients: their number has no bound.
   */
  count(contributors: Readonly<Record<string, string>>, amount?: number): void;
  /** The `n` greatest contributors of about the last `windowMs` (`WINDOW_MS_MAX` at most), greatest first. */
  top(table: string, n: number, windowMs: number): Promise<readonly Contribution[]>;
  close(): Promise<void>;
}
