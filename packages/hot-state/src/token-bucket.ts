/**
 * The arithmetic of token buckets (as AWS describes throttling in "Throttling requests to the Amazon EC2 API"): a bucket
 * holds `burst` tokens at most and gets `ratePerSecond` new ones a second.
 */

export interface Limit {
  readonly ratePerSecond: number;
  readonly burst: number;
}

export interface Bucket {
  /** Negative while there are debts. */
  tokens: number;
  /** When `tokens` was right, in ms. */
  at: number;
}

/** @throws RangeError when nothing could ever pass, or no number says how much */
export function checkedLimit(limit: Limit): Limit {
  const { ratePerSecond, burst } = limit;
  if (!(ratePerSecond > 0 && ratePerSecond <= LIMIT_MAX)) throw new RangeError(`no rate: ${ratePerSecond} a second`);
  if (!(burst >= 1 && burst <= LIMIT_MAX)) throw new RangeError(`no burst: ${burst}`);
  return limit;
}

export const fullBucket = ({ burst }: Limit, now: number): Bucket => ({ tokens: burst, at: now });

/** Adds what has come in since; a clock that goes backwards adds nothing. */
export function refill(bucket: Bucket, { ratePerSecond, burst }: Limit, now: number): void {
  if (now <= bucket.at) return;
  bucket.tokens = Math.min(burst, bucket.tokens + ((now - bucket.at) / 1000) * ratePerSecond);
  bucket.at = now;
}

/** Takes `cost` tokens of a bucket that was just refilled, if it has them. */
export function takeFrom(bucket: Bucket, cost: number): boolean {
  if (bucket.tokens + ROUNDING < cost) return false;
  bucket.tokens -= cost;
  return true;
}

/** How long until `cost` tokens are there, in whole ms. */
export function waitMs({ tokens }: Bucket, { ratePerSecond, burst }: Limit, cost: number): number {
  if (cost > burst) return Number.POSITIVE_INFINITY;
  return Math.max(0, Math.ceil(((cost - tokens) / ratePerSecond) * 1000));
}

const LIMIT_MAX = 1e9;
/** Sums of fractions fall short of whole tokens by less than this. */
const ROUNDING = 1e-6;
