/** The invariants of the state (see `state.ts`) after random commands, and what leaves it. */
import { pick, randomInt, seededRandom } from '@stormglass/base';
import { describe, expect, it } from 'vitest';
import { anEvent } from '../testing/cloudtrail-host.ts';
import type { CloudTrailCommand } from './commands.ts';
import type { EventLimits } from './event-table.ts';
import { packEvents, unpackRecords } from './packed-events.ts';
import { CloudTrailState } from './state.ts';
import { QUOTAS } from './trail.ts';

const SEED = Number(process.env.STORMGLASS_SEED ?? 1);
const ACCOUNTS = ['111111111111', '222222222222'];
const SMALL: EventLimits = { eventsMax: 50, bytesMax: 1e9, ageMaxMs: 100_000 };

const ids = (state: CloudTrailState, account: string) => [...state.view.events(account)].map(({ id }) => id);
const record = (state: CloudTrailState, now: number, ...events: Parameters<typeof packEvents>[0]) =>
  state.apply({ seq: 1, now }, packEvents(events));
const own = { account: ACCOUNTS[0]! };

describe('events', () => {
  it('are in the order of their times, whatever the order they come in, and once', () => {
    const state = new CloudTrailState();
    record(state, 100, anEvent('c', 30, own), anEvent('a', 10, own));
    record(state, 100, anEvent('b', 20, own), anEvent('c', 30, own));
    record(state, 100, anEvent('b', 20, own));
    expect(ids(state, ACCOUNTS[0]!)).toEqual(['c', 'b', 'a']);
    for (const { id, records, place } of state.view.events(ACCOUNTS[0]!)) {
      expect(JSON.parse(unpackRecords(records)[place]!)).toMatchObject({ eventID: id });
    }
  });

  it('leave when there are too many, the oldest first, and do not come back', () => {
    const state = new CloudTrailState(SMALL);
    for (let n = 0; n < 200; n++) record(state, 1000, anEvent(`e${n}`, n, own));
    const kept = ids(state, ACCOUNTS[0]!);
    expect(kept.length).toBeGreaterThanOrEqual(50);
    expect(kept.length).toBeLessThanOrEqual(51);
    expect(kept[0]).toBe('e199');
    record(state, 1000, anEvent('e0', 0, own), anEvent('e100', 100, own));
    expect(ids(state, ACCOUNTS[0]!)).toEqual(kept);
  });

  it('leave when they are too old, and when they are too large', () => {
    const state = new CloudTrailState(SMALL);
    record(state, 1000, anEvent('old', 1000, own));
    record(state, 200_000, anEvent('new', 200_000, own));
    expect(ids(state, ACCOUNTS[0]!)).toEqual(['new']);
    const tight = new CloudTrailState({ ...SMALL, bytesMax: 1500 });
    for (let n = 0; n < 20; n++) record(tight, 1000, anEvent(`e${n}`, n, own));
    expect(ids(tight, ACCOUNTS[0]!).length).toBeLessThan(8);
    expect(ids(tight, ACCOUNTS[0]!)[0]).toBe('e19');
  });
});

function randomCommand(random: ReturnType<typeof seededRandom>, now: number): CloudTrailCommand {
  const accountId = pick(random, ACCOUNTS);
  const name = `trail-${randomInt(random, 8)}`;
  const settings = {
    ...{ s3BucketName: 'bucket', includeGlobalServiceEvents: true, isMultiRegionTrail: false },
    logFileValidationEnabled: false,
  };
  const tags = [{ key: `k${randomInt(random, 60)}`, value: 'v' }];
  const events = Array.from({ length: 1 + randomInt(random, 4) }, () =>
    anEvent(`e${randomInt(random, 400)}`, Math.max(0, now - randomInt(random, 5000)), { account: accountId }),
  );
  return pick(random, [
    packEvents(events),
    packEvents(events),
    {
      type: 'CreateTrail',
      accountId,
      name,
      arn: `arn:aws:cloudtrail:us-east-1:${accountId}:trail/${name}`,
      settings,
      tags,
    },
    { type: 'UpdateTrail', accountId, name, settings: { s3BucketName: 'other' } },
    { type: 'DeleteTrail', accountId, name },
    { type: 'StartLogging', accountId, name },
    { type: 'StopLogging', accountId, name },
    { type: 'ClaimDelivery', accountId, name, after: 0, to: now / 10, by: 'zone' },
    { type: 'ReportDelivery', accountId, name, to: now / 10 },
    { type: 'AddTags', accountId, name, tags },
    { type: 'RemoveTags', accountId, name, keys: tags.map(({ key }) => key) },
  ]);
}

it(`keeps its invariants after random commands (seed ${SEED})`, () => {
  const random = seededRandom(SEED);
  let state = new CloudTrailState(SMALL);
  for (let n = 0; n < 1500; n++) {
    const now = n * 10;
    const command = randomCommand(random, now);
    const before = command.type === 'RecordEvents' ? undefined : JSON.stringify([...state.snapshot()]);
    const result = state.apply({ seq: n, now }, command);
    if (!result.ok) expect(JSON.stringify([...state.snapshot()])).toBe(before);
    const all = ACCOUNTS.flatMap(account => [...state.view.events(account)]);
    expect(new Set(all.map(({ id }) => id)).size).toBe(all.length);
    expect(all.length).toBeLessThanOrEqual(51);
    for (const account of ACCOUNTS) {
      const times = [...state.view.events(account)].map(({ time }) => time);
      expect(times).toEqual(times.toSorted((a, b) => b - a));
      expect(state.view.trails(account).length).toBeLessThanOrEqual(QUOTAS.trailsPerAccount);
    }
    if (n % 300 !== 299) continue;
    // A replica that starts from a snapshot goes on as the others do.
    const snapshot = JSON.parse(JSON.stringify([...state.snapshot()])) as unknown[];
    const installed = new CloudTrailState(SMALL);
    installed.install(snapshot);
    expect([...installed.snapshot()]).toEqual([...state.snapshot()]);
    state = installed;
  }
});

it('does not know what a newer build knows', () => {
  const newer = { type: 'Fly' } as unknown as CloudTrailCommand;
  expect(new CloudTrailState().apply({ seq: 1, now: 1 }, newer)).toMatchObject({ ok: false, code: 'UnknownCommand' });
});
