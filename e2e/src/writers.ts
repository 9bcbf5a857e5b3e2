/** Writers that go on until told to stop or until there is nobody left to write to: what a test breaks things under. */
import { sleep, systemClock } from '@stormglass/base';

export interface Writers {
  /** Resolves when the last of them has heard of its last write. */
  stop(): Promise<void>;
}

/** So long a writer waits whose write failed. */
const AFTER_FAILURE_MS = 10;

/** `write` is called again and again by each of `count` writers; it may reject. */
export function startWriters(count: number, write: () => Promise<void>): Writers {
  let going = true;
  const writers = Array.from({ length: count }, async () => {
    while (going) {
      try {
        await write();
      } catch {
        await sleep(systemClock, AFTER_FAILURE_MS);
      }
    }
  });
  return {
    async stop() {
      going = false;
      await Promise.all(writers);
    },
  };
}
