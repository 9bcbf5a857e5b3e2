/** Waits for facts. Nothing in this package sleeps in the hope that something has happened meanwhile. */
import { type Clock, errorStory, sleep, systemClock } from '@stormglass/base';

/**
 * Calls `probe` until it returns something other than undefined or false, and returns that.
 * @throws Error naming `what` and the last failure seen when `deadlineMs` pass first.
 */
export async function until<T>(
  what: string,
  deadlineMs: number,
  probe: () => Promise<T | undefined | false> | T | undefined | false,
  clock: Clock = systemClock,
): Promise<T> {
  const end = clock.monotonic() + deadlineMs;
  let last: unknown = 'not yet';
  for (;;) {
    try {
      const seen = await probe();
      if (seen !== undefined && seen !== false) return seen;
    } catch (error) {
      last = error;
    }
    if (clock.monotonic() > end) throw new Error(`${what}: not within ${deadlineMs} ms (${errorStory(last)})`);
    await sleep(clock, 25);
  }
}
