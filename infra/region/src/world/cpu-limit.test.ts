import { SimClock } from '@stormglass/testing';
import { expect, it } from 'vitest';
import { CpuLimit } from './cpu-limit.ts';

function limited() {
  const clock = new SimClock();
  let ranMs = 0;
  let isRunning = true;
  let since = 0;
  const limit = new CpuLimit(clock, name => {
    if (isRunning) ranMs += clock.monotonic() - since;
    since = clock.monotonic();
    isRunning = name === 'SIGCONT';
  });
  return { clock, limit, ranMs: () => ranMs + (isRunning ? clock.monotonic() - since : 0), isRunning: () => isRunning };
}

it('lets a process run for its share of the time', async () => {
  const { clock, limit, ranMs } = limited();
  limit.set(0.3);
  await clock.run(10_000);
  expect(ranMs()).toBeCloseTo(3000, -1);
  limit.set(0.8);
  await clock.run(20_000);
  expect(ranMs()).toBeCloseTo(3000 + 8000, -2);
});

it('leaves the process running when it is lifted', async () => {
  for (const lifted of [undefined, 1]) {
    const { clock, limit, ranMs, isRunning } = limited();
    limit.set(0.1);
    await clock.run(1050);
    expect(isRunning()).toBe(false);
    limit.set(lifted);
    expect(isRunning()).toBe(true);
    const before = ranMs();
    await clock.run(2050);
    expect(ranMs() - before).toBe(1000);
  }
});
