/** Cases of the mirror and its feed that chance rarely makes. */
import { systemClock } from '@stormglass/base';
import { LogUnavailable } from '@stormglass/replicated-state';
import { describe, expect, it } from 'vitest';
import { IamMirror } from './mirror.ts';
import type { InstallPart, MirrorEntries } from './mirror-commands.ts';
import { MirrorFeed } from './mirror-feed.ts';
import { MirrorHome } from './mirror-home.ts';
import type { RegionOptIn, UserRecord } from './records.ts';
import { IamState } from './state.ts';
import type { RowChange, SnapshotRecord } from './tables.ts';

const ACCOUNT = '111111111111';
const REGION = 'eu-south-1';

const user = (name: string): SnapshotRecord => {
  const record = { kind: 'user', accountId: ACCOUNT, name, accessKeyIds: [], groups: [] } as unknown as UserRecord;
  return { table: 'entity', record };
};
const optIn = (status: RegionOptIn['status']): SnapshotRecord => ({
  table: 'region',
  record: { accountId: ACCOUNT, region: REGION, status, changeId: 'c1' },
});

function mirrorAt(at: number, ...records: SnapshotRecord[]) {
  const mirror = new IamMirror({ partition: 'aws', region: REGION });
  let now = 0;
  const install = (more: Partial<InstallPart>) => {
    now++;
    const whole = { installId: `i${now}`, logId: 'log', at, accountId: null, index: 0, isLast: true, records };
    return mirror.apply({ seq: now, now }, { type: 'InstallPart', ...whole, ...more }).outcome;
  };
  const take = (after: number, upTo: number, ...entries: [seq: number, ...changes: RowChange[]][]) => {
    const told = entries.map(([seq, ...changes]) => ({ seq, time: 0, changes }));
    const command: MirrorEntries = { type: 'MirrorEntries', logId: 'log', after, upTo, entries: told };
    return mirror.apply({ seq: ++now, now }, command).outcome;
  };
  const wait = (ms: number) => {
    now += ms;
  };
  install({});
  return { mirror, install, take, wait };
}

describe('the mirror', () => {
  it('does not take what happened to an account before it was brought in', () => {
    const { mirror, install, take } = mirrorAt(10);
    take(10, 11, [11, { put: optIn('ENABLING') }]);
    // The account as of 20, where the user of 15 is gone again.
    expect(install({ at: 20, accountId: ACCOUNT, records: [user('b')] })).toBe('taken');
    take(11, 16, [15, { put: user('a') }]);
    expect([mirror.view.user(ACCOUNT, 'a'), mirror.view.user(ACCOUNT, 'b')?.name]).toEqual([undefined, 'b']);
    take(16, 21, [21, { put: user('c') }]);
    expect(mirror.view.usage(ACCOUNT).users).toBe(2);
  });

  it('asks for an account again when it was brought in from before the mirror', () => {
    const { mirror, install, take } = mirrorAt(10);
    take(10, 30, [30, { put: optIn('ENABLING') }]);
    expect(install({ at: 29, accountId: ACCOUNT, records: [] })).toBe('stale');
    expect(mirror.missing()).toEqual([ACCOUNT]);
  });

  it('lets one installation end before another, unless it has been left alone', () => {
    const { install, wait } = mirrorAt(1);
    const first = { installId: 'first', at: 5, isLast: false };
    expect(install(first)).toBe('taken');
    expect(install({ installId: 'second', at: 6 })).toBe('busy');
    expect(install({ ...first, index: 2, isLast: true })).toBe('stale');
    wait(5000);
    expect(install({ installId: 'second', at: 6 })).toBe('taken');
  });

  it('tells when an account is here, and when it is gone', () => {
    const { mirror, install, take } = mirrorAt(1);
    take(1, 2, [2, { put: optIn('ENABLING') }]);
    expect([mirror.done(), mirror.view.admits(ACCOUNT)]).toEqual([[], false]);
    install({ at: 2, accountId: ACCOUNT, records: [user('a')] });
    expect(mirror.done()).toHaveLength(1);
    expect(mirror.view.admits(ACCOUNT)).toBe(true);
    take(2, 3, [3, { put: optIn('DISABLING') }]);
    expect([mirror.view.user(ACCOUNT, 'a'), mirror.view.admits(ACCOUNT)]).toEqual([undefined, false]);
    expect(mirror.done()).toMatchObject([{ status: 'DISABLING', changeId: 'c1' }]);
  });

  it('begins anew with another log', () => {
    const { mirror, install } = mirrorAt(10, user('a'));
    expect(install({ logId: 'other', at: 3, records: [] })).toBe('taken');
    expect(mirror.position).toEqual({ logId: 'other', seq: 3 });
    expect(mirror.view.user(ACCOUNT, 'a')).toBeUndefined();
  });
});

describe('the feed', () => {
  const seqs = (feed: MirrorFeed, after: number, applied: number) => feed.since(after, applied)?.map(({ seq }) => seq);

  it('keeps the newest entries', () => {
    const feed = new MirrorFeed({ entries: 3, chars: 10_000 });
    for (let seq = 1; seq <= 9; seq += 2) feed.note(seq, 0, { put: user('a') });
    expect(seqs(feed, 3, 9)).toEqual([5, 7, 9]);
    expect(seqs(feed, 6, 9)).toEqual([7, 9]);
    expect(seqs(feed, 9, 9)).toEqual([]);
    expect(feed.since(2, 9)).toBeUndefined();
  });

  it('keeps no more than it may, whatever the size of one', () => {
    const feed = new MirrorFeed({ entries: 100, chars: 500 });
    feed.note(1, 0, { put: user('a') });
    feed.note(2, 0, { put: user('x'.repeat(600)) });
    expect(feed.since(1, 2)).toBeUndefined();
    expect(seqs(feed, 2, 2)).toEqual([]);
  });

  it('knows nothing of what was before a snapshot', () => {
    const feed = new MirrorFeed();
    feed.note(1, 0, { put: user('a') });
    feed.reset();
    expect(feed.since(7, 8)).toBeUndefined();
    feed.note(9, 0, { put: user('a') });
    expect(seqs(feed, 8, 9)).toEqual([9]);
  });

  it('wakes those who wait once', () => {
    const feed = new MirrorFeed();
    let woken = 0;
    feed.onNext(() => woken++);
    feed.onNext(() => woken++)();
    feed.note(1, 0, { put: user('a') });
    feed.note(2, 0, { put: user('b') });
    expect(woken).toBe(1);
  });
});

it('a zone that has not caught up tells nobody anything', async () => {
  const feed = new MirrorFeed();
  const machine = new IamState({ partition: 'aws', feed });
  let upToDate = () => Promise.reject(new LogUnavailable('unknown', 'not yet'));
  const replica = {
    ...{ applied: 0, logId: '', execute: () => Promise.reject(new Error('not asked')) },
    health: () => ({ state: 'ok' }) as const,
    upToDate: () => upToDate(),
  };
  const home = new MirrorHome({ feed, machine, replica, clock: systemClock });
  const ask = () => home.feed('eu-west-1', { logId: 'log', after: 3, waitMs: 0 });
  await expect(ask()).rejects.toThrow(LogUnavailable);
  await expect(home.rows('eu-west-1', undefined)).rejects.toThrow(LogUnavailable);
  upToDate = () => Promise.resolve() as Promise<never>;
  expect(await ask()).toEqual({ kind: 'behind' });
});
