/**
 * What the OpenTelemetry libraries complain about. A dead collector complains with every export; once a minute is enough
 * to be noticed, and does not bury the log.
 */
import type { DiagLogger } from '@opentelemetry/api';

export const TROUBLES_EVERY_MS = 60_000;

/** Passes on warnings and errors, one in `everyMs`, with the number of those left out since the last one. */
export function rareTroubles(
  tell: (message: string, leftOut: number) => void,
  now: () => number = () => performance.now(),
  everyMs = TROUBLES_EVERY_MS,
): DiagLogger {
  let quietUntil = Number.NEGATIVE_INFINITY;
  let leftOut = 0;
  const trouble = (message: string, ...details: unknown[]) => {
    if (now() < quietUntil) {
      leftOut++;
      return;
    }
    quietUntil = now() + everyMs;
    tell([message, ...details.map(detailText)].join(' ').slice(0, TROUBLE_CHARS_MAX), leftOut);
    leftOut = 0;
  };
  const nothing = () => {};
  return { error: trouble, warn: trouble, info: nothing, debug: nothing, verbose: nothing };
}

const TROUBLE_CHARS_MAX = 1000;

const detailText = (detail: unknown): string => (detail instanceof Error ? detail.message : String(detail));
