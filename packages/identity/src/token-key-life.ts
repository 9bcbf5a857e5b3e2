/**
 * The life of a key that seals session tokens. It is replicated an hour before it is used, so that a zone, or another
 * region, that hears of it late knows it by the time a session sealed with it arrives; it seals for a day; and it is kept
 * for as long as any session it has sealed can live.
 *
 *     made ── an hour ── seals for a day ── its successor seals ── 36 hours and an hour ── forgotten
 */
import type { TokenKey } from './session-token.ts';

const HOUR_MS = 3_600_000;

/** How long a key is known before it seals. */
export const SEALS_AFTER_MS = HOUR_MS;
const SEALS_FOR_MS = 24 * HOUR_MS;
/** The longest session there is: GetSessionToken and GetFederationToken, called by a user. */
const SESSION_MS_MAX = 36 * HOUR_MS;
/** Clocks of zones differ. */
const SPARE_MS = HOUR_MS;

/**
 * The key to seal with: the newest that has been known long enough. Where none has, as in a region's first hour, it is
 * the oldest: whoever knows any key knows that one.
 * @param keys newest first
 * @param now ms since the epoch
 */
export const sealingKey = (keys: readonly TokenKey[], now: number): TokenKey | undefined =>
  keys.find(key => key.createdAt + SEALS_AFTER_MS <= now) ?? keys.at(-1);

/** When the successor of the newest key has to be made, in ms since the epoch. */
export const successorDueAt = (newest: TokenKey): number => newest.createdAt + SEALS_FOR_MS;

/** Whether every session that a key can have sealed has ended; `successor` is the key made after it. */
export const isSpent = (successor: TokenKey, now: number): boolean =>
  successor.createdAt + SEALS_AFTER_MS + SESSION_MS_MAX + SPARE_MS <= now;
