/**
 * Draws the way of a command through a log: `log.commit` in the zone that was called, below the span of the call, and
 * below it a `log.store` in every zone that puts it on its disk (of logs that zones keep themselves) and a `log.apply` in
 * every zone, as each comes to it.
 */
import type { Clock } from '@stormglass/base';
import type { LogTracing } from '@stormglass/replicated-state';
import { silentTelemetry, type Telemetry } from './telemetry.ts';

/** A zone that starts reads again what it had applied before; nobody is waiting for those traces any more. */
const APPLY_AGE_MS_MAX = 60_000;
/** Commits remembered as applied, to tell the second copy of a batch from the first. */
const SEEN_MAX = 4096;

/** What to give a replica as its `tracing`; undefined when nobody listens, and then the replica spends nothing on it. */
export function logTracing(telemetry: Telemetry, log: string, clock: Clock): LogTracing | undefined {
  if (telemetry === silentTelemetry) return undefined;
  const seen = new RecentlySeen();
  return {
    commit(parent) {
      if (!isSampled(parent)) return undefined;
      const span = telemetry.span('log.commit', parent, 'client');
      if (span === undefined) return undefined;
      span.attribute('stormglass.log.name', log);
      return {
        traceparent: span.traceparent,
        committed(seq, attempts) {
          span.attribute('stormglass.log.position', seq);
          span.attribute('stormglass.log.attempts', attempts);
          span.end();
        },
        failed: error => span.end(error),
      };
    },
    storing(traceparents, { seq, time, epoch }) {
      if (clock.now() - time > APPLY_AGE_MS_MAX) return () => {};
      const spans = traceparents.flatMap(parent => telemetry.span('log.store', parent, 'internal') ?? []);
      return error => {
        for (const span of spans) {
          span.attribute('stormglass.log.name', log);
          span.attribute('stormglass.log.position', seq);
          span.attribute('stormglass.log.epoch', epoch);
          span.end(error);
        }
      };
    },
    applying(traceparents, { seq, time }) {
      if (clock.now() - time > APPLY_AGE_MS_MAX) return () => {};
      const spans = traceparents.flatMap(parent => {
        const span = telemetry.span('log.apply', parent, 'internal');
        span?.attribute('stormglass.log.name', log);
        span?.attribute('stormglass.log.position', seq);
        // An engine may store a batch twice; the second copy changes nothing and should not look as if it did.
        if (seen.again(parent)) span?.attribute('stormglass.log.repeated', true);
        return span ?? [];
      });
      return outcome => {
        for (const span of spans) {
          span.attribute('stormglass.log.outcome', outcome);
          span.end();
        }
      };
    },
  };
}

/** The last bit of the flags says whether the trace is recorded: `00-<32>-<16>-<flags>`. */
const isSampled = (traceparent: string): boolean => (Number.parseInt(traceparent.slice(53, 55), 16) & 1) === 1;

class RecentlySeen {
  readonly #values = new Set<string>();

  /** True when `value` was asked about before. */
  again(value: string): boolean {
    if (this.#values.has(value)) return true;
    this.#values.add(value);
    if (this.#values.size > SEEN_MAX) this.#values.delete(this.#values.values().next().value!);
    return false;
  }
}
