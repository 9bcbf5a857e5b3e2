/** How much the ACME state holds, and for how long. Every zone applies the same ones. */

const HOUR_MS = 3_600_000;
const DAY_MS = 24 * HOUR_MS;

export const LIMITS = {
  accounts: 10_000,
  orders: 10_000,
  ordersPerAccount: 1000,
  /** Of one order. */
  identifiers: 100,
  /** Used within the last two hours. */
  nonces: 200_000,
} as const;

/** A nonce may be used this long after it was made; clocks of zones and log may differ by as much. */
export const NONCE_LIFE_MS = HOUR_MS;
/** Made an hour after its use, by a clock that was fast, a nonce could still be used an hour later. */
export const NONCE_REMEMBERED_MS = 2 * NONCE_LIFE_MS;
/** What is not done by then is invalid. */
export const ORDER_LIFE_MS = 7 * DAY_MS;
/** Orders are forgotten, done or not; the certificate authority goes on knowing their certificates. */
export const ORDER_REMEMBERED_MS = 30 * DAY_MS;
