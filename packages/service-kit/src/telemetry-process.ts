/** How the process itself is doing: memory, and how late its event loop runs. Loaded only when telemetry is on. */
import { monitorEventLoopDelay } from 'node:perf_hooks';
import type { Meter } from '@opentelemetry/api';

const RESOLUTION_MS = 20;

/** Returns how to stop. Each export tells of the time since the one before. */
export function observeProcess(meter: Meter): () => void {
  const resident = meter.createObservableGauge('process.memory.usage', { unit: 'By', description: 'Resident memory' });
  const heap = meter.createObservableGauge('v8js.memory.heap.used', { unit: 'By', description: 'Heap in use' });
  const delays = (['mean', 'p99', 'max'] as const).map(name => ({
    name,
    gauge: meter.createObservableGauge(`nodejs.eventloop.delay.${name}`, {
      unit: 's',
      description: `Event loop delay, ${name}`,
    }),
  }));
  const histogram = monitorEventLoopDelay({ resolution: RESOLUTION_MS });
  histogram.enable();
  meter.addBatchObservableCallback(
    result => {
      const { rss, heapUsed } = process.memoryUsage();
      result.observe(resident, rss);
      result.observe(heap, heapUsed);
      for (const { name, gauge } of delays) result.observe(gauge, delaySeconds(histogram, name));
      histogram.reset();
    },
    [resident, heap, ...delays.map(d => d.gauge)],
  );
  return () => histogram.disable();
}

interface Delays {
  readonly count: number;
  readonly mean: number;
  readonly max: number;
  percentile(percentile: number): number;
}

/** The histogram counts from one tick of its timer to the next, so that an idle loop shows the resolution itself. */
function delaySeconds(delays: Delays, name: 'mean' | 'p99' | 'max'): number {
  if (delays.count === 0) return 0;
  const nanoseconds = name === 'p99' ? delays.percentile(99) : delays[name];
  return Math.max(0, nanoseconds / 1e9 - RESOLUTION_MS / 1000);
}
