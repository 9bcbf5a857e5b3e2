/** Everything arrives later: by `latencyMs`, plus or minus up to `jitterMs`. Order is kept, as TCP keeps it. */
import { type LinkFaultKind, numberSetting } from './link-fault.ts';

const MINUTE_MS = 60_000;

export const latency: LinkFaultKind<{ latencyMs: number; jitterMs: number }> = {
  name: 'latency',
  summary: 'latencyMs, jitterMs: everything arrives later',
  parse: settings => ({
    latencyMs: numberSetting(settings, 'latencyMs', { min: 0, max: MINUTE_MS }),
    jitterMs: numberSetting(settings, 'jitterMs', { min: 0, max: MINUTE_MS, fallback: 0 }),
  }),
  begin:
    ({ latencyMs, jitterMs }, random) =>
    () =>
      Math.max(0, latencyMs + jitterMs * (2 * random.next() - 1)),
};
