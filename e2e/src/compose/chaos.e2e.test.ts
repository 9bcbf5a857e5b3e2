/**
 * Chaos scenarios on containers, with their real log engine and Redis: what is killed comes back by itself once it has
 * power again, no acknowledged write is lost, and no call fails after the SDK's retries.
 */
import { systemClock } from '@stormglass/base';
import { startRegion, type TestRegion } from '@stormglass/test-region';
import { afterAll, afterEach, beforeAll, expect, it } from 'vitest';
import { reportedRun } from '../chaos/reported-run.ts';
import { scenarioNamed } from '../chaos/scenarios.ts';
import { DockerParts } from '../chaos/targets/docker-parts.ts';
import { regionTarget } from '../chaos/targets/region-target.ts';

const START_TIMEOUT_MS = 240_000;
const READY_TIMEOUT_MS = 120_000;
/** An election of JetStream takes up to 9 s; a fault lasts two fifths of the run. Without an election less will do. */
const DURATION_MS = { election: 24_000, none: 15_000 };
/** Some forty containers share two cores with their clients. */
const PACE_MS = 600;

let region: TestRegion;
let parts: DockerParts;
let accounts = 310_000_000_000;
beforeAll(async () => {
  parts = await DockerParts.prepare();
  region = await startRegion({ ...parts.settings, timeoutMs: START_TIMEOUT_MS });
}, START_TIMEOUT_MS + 60_000);
afterEach(async () => {
  await region?.clearFaults();
  await region?.waitReady(READY_TIMEOUT_MS);
}, READY_TIMEOUT_MS);
afterAll(() => region?.stop(), START_TIMEOUT_MS);

it.each([
  ['power-off', DURATION_MS.election],
  ['log-leader-death', DURATION_MS.election],
  ['hot-state-loss', DURATION_MS.none],
  ['one-way-partition', DURATION_MS.none],
])('%s: keeps every promise', async (name, durationMs) => {
  const { report, entries, path } = await reportedRun({
    ...{ scenario: scenarioNamed(name), region, target: regionTarget(region, 'docker', parts.kill) },
    ...{ clock: systemClock, durationMs, paceMs: PACE_MS },
    ...{ seed: Number(process.env.STORMGLASS_SEED ?? 1), account: String(++accounts) },
  });
  expect(
    report.findings.filter(({ verdict }) => verdict !== 'valid'),
    path,
  ).toEqual([]);
  expect(report.verdict).toBe('valid');
  expect(entries.filter(({ type }) => type === 'fault')).toHaveLength(2);
});
