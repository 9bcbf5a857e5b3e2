/** Delivery of log files by zones that share a log, on a clock that the test moves. */
import { gunzipSync } from 'node:zlib';
import { type Clock, seededRandom, silentLogger, systemClock } from '@stormglass/base';
import { MemoryLog, Replica } from '@stormglass/replicated-state';
import { afterEach, beforeEach, expect, it } from 'vitest';
import type { CloudTrailReplica } from '../deps.ts';
import { recordEvents } from '../record-events.ts';
import type { TrailCommand } from '../state/commands.ts';
import { CloudTrailState } from '../state/state.ts';
import type { TrailSettings } from '../state/trail.ts';
import { ACCOUNT, anEvent } from '../testing/cloudtrail-host.ts';
import type { LogDelivery } from './trail-buckets.ts';
import { TrailDelivery } from './trail-delivery.ts';

const INTERVAL_MS = 300_000;
const START = Date.UTC(2026, 4, 6, 7, 8);

let passed = 0;
const began = systemClock.monotonic();
/** Of the system, but that the test moves it on. */
const clock: Clock = {
  monotonic: () => systemClock.monotonic() + passed,
  now: () => Math.floor(START + systemClock.monotonic() - began + passed),
  after: (ms, run) => systemClock.after(ms, run),
  soon: run => systemClock.soon(run),
};

interface Zone {
  readonly replica: CloudTrailReplica;
  readonly delivery: TrailDelivery;
}
let zones: Zone[];
/** What was put into buckets, by key, and every attempt. */
let bucket: Map<string, string[]>;
let attempts: LogDelivery[];
/** What S3 does with the next files. */
let answer: (delivery: LogDelivery) => string | undefined;

beforeEach(async () => {
  passed = 0;
  bucket = new Map();
  attempts = [];
  answer = () => undefined;
  const log = new MemoryLog(clock);
  zones = [0, 1, 2].map(ordinal => {
    const sources = { clock, random: seededRandom(ordinal), logger: silentLogger };
    const replica = new Replica({ machine: new CloudTrailState(), log: log.open(), ...sources });
    const options = { replica, deliver, zone: `zone-${ordinal}`, ordinal, intervalMs: INTERVAL_MS };
    return { replica, delivery: new TrailDelivery({ ...options, clock, logger: silentLogger }) };
  });
  await Promise.all(zones.map(({ replica }) => replica.start()));
});
afterEach(() => Promise.all(zones.map(({ replica }) => replica.close())));

async function deliver(delivery: LogDelivery): Promise<string | undefined> {
  attempts.push(delivery);
  const { key, file } = delivery;
  const error = answer(delivery);
  if (error === undefined && !bucket.has(key)) bucket.set(key, recordsIn(file!));
  return error;
}

const recordsIn = (file: Buffer): string[] =>
  (JSON.parse(gunzipSync(file).toString()) as { Records: { eventID: string }[] }).Records.map(({ eventID }) => eventID);

const deadline = () => clock.monotonic() + 5000;

/** A zone looks once, knowing all that has happened. */
async function pass(zone: number): Promise<number> {
  const { replica, delivery } = zones[zone]!;
  await replica.upToDate(deadline());
  return delivery.pass();
}

async function execute(command: TrailCommand): Promise<void> {
  expect(await zones[0]!.replica.execute(command, { deadline: deadline() })).toMatchObject({ ok: true });
}
const about = { accountId: ACCOUNT, name: 'first' };
const arn = `arn:aws:cloudtrail:us-east-1:${ACCOUNT}:trail/first`;
const settings: TrailSettings = {
  ...{ s3BucketName: 'logs', includeGlobalServiceEvents: true, isMultiRegionTrail: false },
  logFileValidationEnabled: false,
};
async function startTrail(more: Partial<TrailSettings> = {}): Promise<void> {
  await execute({ type: 'CreateTrail', ...about, arn, settings: { ...settings, ...more }, tags: [] });
  await execute({ type: 'StartLogging', ...about });
}
/** Events, each with an entry of the log of its own. */
async function record(...ids: readonly string[]): Promise<void> {
  for (const id of ids) await recordEvents(zones[0]!.replica, clock, [anEvent(id, START + passed)]);
}
const status = () => zones[0]!.replica.view.trail(ACCOUNT, 'first')!.delivery!;

it('puts what came since the trail logs into a file, under the name that AWS gives it', async () => {
  await record('before');
  await startTrail({ s3KeyPrefix: 'audit' });
  await record('a', 'b');
  passed += INTERVAL_MS / 2;
  expect(await pass(0)).toBe(0);
  passed += INTERVAL_MS / 2;
  expect(await pass(0)).toBe(1);
  const [[key, records] = []] = [...bucket];
  expect(key).toMatch(
    new RegExp(
      `^audit/AWSLogs/${ACCOUNT}/CloudTrail/us-east-1/2026/05/06/` +
        `${ACCOUNT}_CloudTrail_us-east-1_20260506T071\\dZ_[A-Za-z0-9]{16}\\.json\\.gz$`,
    ),
  );
  expect(records).toEqual(['a', 'b']);
  expect(attempts[0]).toMatchObject({ bucket: 'logs', accountId: ACCOUNT, trailArn: arn });
  expect(status().deliveredAt).toBeGreaterThanOrEqual(START + INTERVAL_MS);
  await record('c');
  passed += INTERVAL_MS;
  expect(await pass(0)).toBe(1);
  expect([...bucket.values()]).toEqual([['a', 'b'], ['c']]);
  passed += INTERVAL_MS;
  expect(await pass(0)).toBe(0);
});

it('is the work of one zone for each file', async () => {
  await startTrail();
  for (const round of [1, 2, 3]) {
    await record(`event-${round}`);
    passed += 2 * INTERVAL_MS;
    const counts = await Promise.all([pass(2), pass(0), pass(1)]);
    expect(counts.reduce((a, b) => a + b)).toBe(1);
  }
  expect(attempts).toHaveLength(3);
  expect([...bucket.values()]).toEqual([['event-1'], ['event-2'], ['event-3']]);
});

it('is taken up by another zone, as the same file, when a zone dies after it has put it', async () => {
  await startTrail();
  await record('a');
  passed += INTERVAL_MS;
  answer = ({ key, file }) => {
    bucket.set(key, recordsIn(file!));
    throw new Error('the zone is gone');
  };
  await expect(pass(0)).rejects.toThrow('the zone is gone');
  await record('b');
  answer = () => undefined;
  expect(await pass(1)).toBe(0);
  passed += 60_000;
  expect(await pass(1)).toBe(1);
  expect(new Set(attempts.map(({ key }) => key)).size).toBe(1);
  expect(attempts.map(({ file }) => recordsIn(file!))).toEqual([['a'], ['a']]);
  passed += INTERVAL_MS;
  expect(await pass(0)).toBe(1);
  expect([...bucket.values()]).toEqual([['a'], ['b']]);
});

it('says what S3 says, and goes on with the same file', async () => {
  await startTrail();
  await record('a');
  passed += INTERVAL_MS;
  answer = () => 'AccessDenied';
  expect(await pass(0)).toBe(0);
  expect(status()).toMatchObject({ error: 'AccessDenied', attemptedAt: expect.any(Number) });
  expect(status().deliveredAt).toBeUndefined();
  answer = () => undefined;
  await record('b');
  passed += 2 * INTERVAL_MS;
  expect(await pass(1)).toBe(1);
  expect(attempts[1]!.key).toBe(attempts[0]!.key);
  expect([...bucket.values()]).toEqual([['a']]);
  expect(status().error).toBeUndefined();
});

it('leaves out what came while the trail did not log, and nothing of before', async () => {
  await startTrail();
  await record('logged');
  await execute({ type: 'StopLogging', ...about });
  await record('not logged');
  await execute({ type: 'StartLogging', ...about });
  await record('logged again');
  await execute({ type: 'StopLogging', ...about });
  await record('never');
  passed += INTERVAL_MS;
  expect(await pass(0)).toBe(1);
  passed += INTERVAL_MS;
  expect(await pass(0)).toBe(0);
  expect([...bucket.values()]).toEqual([['logged', 'logged again']]);
});

it('delivers what was asked for', async () => {
  await startTrail({ includeGlobalServiceEvents: false });
  const [selector] = zones[0]!.replica.view.trail(ACCOUNT, 'first')!.selectors;
  const writes = { ...selector!, readWriteType: 'WriteOnly', excludeManagementEventSources: ['kms.amazonaws.com'] };
  await execute({ type: 'PutEventSelectors', ...about, selectors: [writes] });
  const source = 's3.amazonaws.com';
  await recordEvents(zones[0]!.replica, clock, [
    anEvent('wanted', START, { source }),
    anEvent('reads', START, { source, readOnly: true }),
    anEvent('excluded', START, { source: 'kms.amazonaws.com' }),
    anEvent('global', START),
    anEvent('of somebody else', START, { source, account: '999999999999' }),
  ]);
  passed += INTERVAL_MS;
  expect(await pass(0)).toBe(1);
  expect([...bucket.values()]).toEqual([['wanted']]);
});

it('does not wait when a file is full', async () => {
  await startTrail();
  const ids = Array.from({ length: 2500 }, (_, n) => `event-${n}`);
  for (let n = 0; n < ids.length; n += 500) {
    const events = ids.slice(n, n + 500).map((id, i) => anEvent(id, START + n + i));
    await recordEvents(zones[0]!.replica, clock, events);
  }
  expect([await pass(0), await pass(0), await pass(0)]).toEqual([1, 1, 0]);
  passed += INTERVAL_MS;
  expect(await pass(0)).toBe(1);
  expect([...bucket.values()].map(({ length }) => length)).toEqual([1000, 1000, 500]);
  expect([...bucket.values()].flat()).toEqual(ids);
});
