/** Waiting for a fact, in tests on real time: never a sleep that hopes. */

/**
 * Polls `check` until it gives something other than undefined or false, and returns that.
 * @throws Error naming `what` and the last value or error seen, after `timeoutMs` (default 30 s).
 */
export async function until<T>(what: string, check: () => T | Promise<T>, timeoutMs = 30_000): Promise<NonNullable<T>> {
  const deadline = performance.now() + timeoutMs;
  let last: unknown;
  for (;;) {
    try {
      const value = await check();
      if (value !== undefined && value !== null && value !== false) return value as NonNullable<T>;
      last = value;
    } catch (error) {
      last = error;
    }
    if (performance.now() > deadline) throw new Error(`waited ${timeoutMs} ms for ${what}; last seen: ${String(last)}`);
    await new Promise(resolve => setTimeout(resolve, 20));
  }
}
