import { describe, expect, it } from 'vitest';
import type { Expiry } from './commands.ts';
import { OBJECTS_PER_DELETE_MAX } from './commands.ts';
import { ACCOUNT, BUCKET, IndexRig } from './testing/index-rig.ts';

function rigWith(...keys: readonly string[]): IndexRig {
  const rig = new IndexRig();
  rig.createBucket();
  for (const key of keys) rig.put(key);
  return rig;
}

describe('a deletion', () => {
  it('without versions is for good, also of what is not there', () => {
    const rig = rigWith('a');
    expect(rig.delete('a')).toEqual({ ok: true, marker: false });
    expect(rig.delete('a')).toEqual({ ok: true, marker: false });
    expect(rig.view.usage(BUCKET)).toEqual({ objects: 0, versions: 0, markers: 0, uploads: 0, bytes: 0 });
  });

  it('with versions makes a marker, and deleting that brings the object back', () => {
    const rig = rigWith('a');
    rig.version('Enabled');
    const first = rig.delete('a');
    expect(first).toMatchObject({ ok: true, marker: true });
    expect(rig.view.latest(BUCKET, 'a')).toMatchObject({ isMarker: true, isLatest: true, owner: ACCOUNT });
    const second = rig.delete('a');
    const markers = [first, second].map(each => (each.ok ? each.versionId! : ''));
    expect(rig.delete('a', { versionId: markers[1]! })).toEqual({ ok: true, marker: true, versionId: markers[1] });
    expect(rig.view.latest(BUCKET, 'a')).toMatchObject({ versionId: markers[0], isLatest: true });
    rig.delete('a', { versionId: markers[0]! });
    expect(rig.object('a')).toMatchObject({ versionId: 'null', isLatest: true });
    expect(rig.object('a')).not.toHaveProperty('noncurrentSince');
    expect(rig.view.list(BUCKET, { limit: 10 }).items).toHaveLength(1);
  });

  it('with suspended versions replaces the null version by a null marker', () => {
    const rig = rigWith();
    rig.version('Enabled');
    const { versionId } = rig.put('a');
    rig.version('Suspended');
    rig.put('a');
    expect(rig.delete('a')).toEqual({ ok: true, marker: true, versionId: 'null' });
    expect(rig.delete('a')).toEqual({ ok: true, marker: true, versionId: 'null' });
    const { items } = rig.view.listVersions(BUCKET, { limit: 10 });
    expect(items.map(each => [each.versionId, each.isMarker])).toEqual([
      ['null', true],
      [versionId, false],
    ]);
    rig.put('a');
    expect(rig.view.usage(BUCKET)).toMatchObject({ objects: 1, versions: 2, markers: 0 });
  });

  it('of a version in the middle leaves the others', () => {
    const rig = rigWith();
    rig.version('Enabled');
    const ids = [1, 2, 3].map(() => rig.put('a').versionId);
    rig.delete('a', { versionId: ids[1]! });
    expect(rig.view.listVersions(BUCKET, { limit: 10 }).items.map(each => each.versionId)).toEqual([ids[2], ids[0]]);
    expect(rig.delete('a', { versionId: 'none' })).toEqual({ ok: true, marker: false, versionId: 'none' });
  });

  it('of many answers for each, and one that is refused keeps no other', () => {
    const rig = rigWith('a', 'b', 'c');
    const objects = ['a', 'b', 'c'].map(key => ({ key, markerId: 'm', ...(key === 'b' ? { ifMatch: 'other' } : {}) }));
    const results = rig.done<'DeleteObjects'>({ ...rig.deleteCommand('a'), objects });
    expect(results.map(each => (each.ok ? 'ok' : each.code))).toEqual(['ok', 'PreconditionFailed', 'ok']);
    expect(rig.view.list(BUCKET, { limit: 10 }).items.map(({ key }) => key)).toEqual(['b']);
    const tooMany = Array.from({ length: OBJECTS_PER_DELETE_MAX + 1 }, () => objects[0]!);
    expect(rig.refused({ ...rig.deleteCommand('a'), objects: tooMany })).toBe('MalformedXML');
  });

  it('asks of the object what it is told to', () => {
    const rig = rigWith('a');
    const { lastModified } = rig.object('a');
    const code = (key: string, more: Parameters<typeof rig.delete>[1]) => {
      const result = rig.delete(key, more);
      return result.ok ? 'ok' : result.code;
    };
    expect(code('none', { ifMatch: '*' })).toBe('NoSuchKey');
    expect(code('a', { ifMatch: 'other' })).toBe('PreconditionFailed');
    expect(code('a', { ifMatchSize: 4 })).toBe('PreconditionFailed');
    expect(code('a', { ifMatchLastModified: lastModified + 1000 })).toBe('PreconditionFailed');
    expect(code('a', { ifMatch: 'etag', ifMatchSize: 3, ifMatchLastModified: lastModified })).toBe('ok');
    const zonal = new IndexRig();
    zonal.createBucket({ zone: 'use1-az1' });
    expect(zonal.delete('none', { ifMatch: 'etag' }).ok).toBe(true);
  });
});

describe('a lifecycle', () => {
  const expire = (rig: IndexRig, ...expiries: readonly Expiry[]) =>
    rig.done<'ExpireObjects'>({ type: 'ExpireObjects', bucket: BUCKET, expiries });

  it('deletes an object that is still the one it found', () => {
    const rig = rigWith('a', 'b');
    const [a, b] = [rig.object('a'), rig.object('b')];
    rig.put('b');
    const expiry = (key: string, seq: number) => ({ what: 'object', key, seq, markerId: 'm' }) as const;
    expect(expire(rig, expiry('a', a.seq), expiry('b', b.seq), expiry('none', 1))).toBe(1);
    expect(rig.view.list(BUCKET, { limit: 10 }).items.map(({ key }) => key)).toEqual(['b']);
    rig.version('Enabled');
    expect(expire(rig, expiry('b', rig.object('b').seq))).toBe(1);
    const marker = rig.view.latest(BUCKET, 'b')!;
    expect(marker).toMatchObject({ isMarker: true, versionId: 'm', owner: ACCOUNT });
    expect(expire(rig, expiry('b', marker.seq))).toBe(0);
    expect(rig.changes.flatMap(change => (change.kind === 'object' ? change.event : [])).slice(-2)).toEqual([
      'LifecycleExpiration:Delete',
      'LifecycleExpiration:DeleteMarkerCreated',
    ]);
  });

  it('deletes versions that are not the latest, markers without any, and uploads', () => {
    const rig = new IndexRig();
    rig.createBucket({ objectLock: true });
    rig.put('a', { legalHold: true });
    rig.put('a');
    rig.put('a');
    rig.delete('a');
    const [marker, ...versions] = rig.view.listVersions(BUCKET, { limit: 10 }).items;
    const { key, seq, versionId } = marker!;
    const lone = { what: 'marker', key, seq, versionId } as const;
    expect(expire(rig, lone)).toBe(0);
    expect(expire(rig, { ...lone, what: 'noncurrent' })).toBe(0);
    const expiries = versions.map(
      each => ({ what: 'noncurrent', key, seq: each.seq, versionId: each.versionId }) as const,
    );
    // One is held.
    expect(expire(rig, ...expiries)).toBe(2);
    expect(expire(rig, lone)).toBe(0);
    const held = expiries.at(-1)!;
    rig.done({ type: 'SetObjectLegalHold', bucket: BUCKET, key, versionId: held.versionId, legalHold: false });
    expect(expire(rig, held, lone)).toBe(2);
    rig.createUpload('a', 'u');
    expect(expire(rig, { what: 'upload', key: 'b', uploadId: 'u' }, { what: 'upload', key: 'a', uploadId: 'u' })).toBe(
      1,
    );
    expect(rig.view.usage(BUCKET)).toEqual({ objects: 0, versions: 0, markers: 0, uploads: 0, bytes: 0 });
  });
});
