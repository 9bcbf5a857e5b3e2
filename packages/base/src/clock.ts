/**
 * Time as a value. Everything that reads a clock or waits takes a `Clock`, so that a whole region can run inside one
 * process on virtual time. `systemClock` is the only place in the product that touches the machine's timers.
 */

/** Cancels what was scheduled; calling it twice, or late, does nothing. */
export type Cancel = () => void;

export interface Clock {
  /** Wall clock of this host in ms since the epoch. It may be skewed and may jump. */
  now(): number;
  /** Milliseconds that never run backwards; only differences mean anything. */
  monotonic(): number;
  /** Runs `fn` once after `ms` milliseconds. */
  after(ms: number, fn: () => void): Cancel;
  /** Runs `fn` once after the current turn and its microtasks: the place for group commit. */
  soon(fn: () => void): void;
}

export const systemClock: Clock = {
  now: () => Date.now(),
  monotonic: () => performance.now(),
  after(ms, fn) {
    const timer = setTimeout(fn, ms);
    return () => clearTimeout(timer);
  },
  soon: fn => void setImmediate(fn),
};

/** Like `systemClock`, but its timers do not keep the process alive: for reconcilers and health probes. */
export const backgroundClock: Clock = {
  ...systemClock,
  after(ms, fn) {
    const timer = setTimeout(fn, ms);
    timer.unref();
    return () => clearTimeout(timer);
  },
};

/** A clock that is `skewMs` ahead of `base` (behind it when negative); waiting is not affected. */
export function skewed(base: Clock, skewMs: () => number): Clock {
  return {
    now: () => base.now() + skewMs(),
    monotonic: () => base.monotonic(),
    after: (ms, fn) => base.after(ms, fn),
    soon: fn => base.soon(fn),
  };
}

/** Resolves after `ms`, or rejects with the signal's reason as soon as it is aborted. */
export function sleep(clock: Clock, ms: number, signal?: AbortSignal): Promise<void> {
  return new Promise((resolve, reject) => {
    if (signal?.aborted) return reject(signal.reason);
    const onAbort = () => {
      cancel();
      reject(signal?.reason);
    };
    const cancel = clock.after(ms, () => {
      signal?.removeEventListener('abort', onAbort);
      resolve();
    });
    signal?.addEventListener('abort', onAbort, { once: true });
  });
}
