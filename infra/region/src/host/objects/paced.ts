/**
 * A few at a time: what costs both ends their only thread for a while, such as a handshake, must not come in crowds, or
 * a zone seems to be silent.
 */
import type { Clock } from '@stormglass/base';

export interface Pace {
  readonly atOnce: number;
  /** Whoever has waited so long for a turn is not wanted any more and gets an error, in ms. */
  readonly patienceMs: number;
  readonly clock: Clock;
}

interface Turn {
  readonly since: number;
  readonly begin: () => void;
  readonly drop: () => void;
}

/** The same work, of which no more than `atOnce` is under way; the rest waits, in order. */
export function paced<T>(work: () => Promise<T>, { atOnce, patienceMs, clock }: Pace): () => Promise<T> {
  const waiting: Turn[] = [];
  let running = 0;
  const run = async (): Promise<T> => {
    running++;
    try {
      return await work();
    } finally {
      running--;
      next();
    }
  };
  const next = () => {
    const now = clock.monotonic();
    for (let turn = waiting.shift(); turn !== undefined; turn = waiting.shift()) {
      if (now - turn.since <= patienceMs) return turn.begin();
      turn.drop();
    }
  };
  return () => {
    if (running < atOnce) return run();
    return new Promise((resolve, reject) => {
      waiting.push({
        since: clock.monotonic(),
        begin: () => run().then(resolve, reject),
        drop: () => reject(new Error('others were before it for too long')),
      });
    });
  };
}
