import { describe, expect, it } from 'vitest';
import type { CopyObject } from './commands.ts';
import { ACCOUNT, BUCKET, IndexRig } from './testing/index-rig.ts';

function rigWith(key: string, more: Parameters<IndexRig['put']>[1] = {}): IndexRig {
  const rig = new IndexRig();
  rig.createBucket();
  rig.put(key, more);
  return rig;
}

const blob = (id: string, size = 100) => ({ size, blob: { id, size, key: 'wrapped' } });

const copy = (rig: IndexRig, key: string, more: Partial<CopyObject> = {}): CopyObject => ({
  type: 'CopyObject',
  bucket: BUCKET,
  key,
  versionId: rig.id(),
  owner: ACCOUNT,
  storageClass: 'STANDARD',
  encryption: { kind: 'AES256' },
  source: { bucket: BUCKET, key: 'a' },
  ...more,
});

describe('a put', () => {
  it('keeps what it is given', () => {
    const settings = {
      metadata: { tags: '', colour: 'blau' },
      headers: { 'content-type': 'text/plain' },
      tags: [{ key: 'k', value: 'v' }],
      acl: { grants: [] },
      checksum: { algorithm: 'CRC32', value: 'AAAAAA==', type: 'FULL_OBJECT' } as const,
      encryption: { kind: 'C', keyMd5: 'md5' } as const,
    };
    const rig = rigWith('a', settings);
    expect(rig.object('a')).toMatchObject({
      ...settings,
      size: 3,
      etag: 'etag',
      lastModified: rig.now,
      owner: ACCOUNT,
    });
    expect([...rig.view.pieces(rig.object('a'))]).toEqual([
      { part: 1, offset: 0, size: 3, inline: Buffer.from('abc') },
    ]);
  });

  it('of nothing has no pieces', () => {
    const rig = rigWith('a', { body: { size: 0 } });
    expect([...rig.view.pieces(rig.object('a'))]).toEqual([]);
  });

  it('lets go of the bytes that it replaces', () => {
    const rig = rigWith('a', { body: blob('one') });
    rig.put('a', { body: blob('two') });
    expect(rig.blobIds()).toEqual(['two']);
    expect(rig.view.usage(BUCKET)).toEqual({ objects: 1, versions: 1, markers: 0, uploads: 0, bytes: 100 });
  });

  it('does not take a blob that another version has', () => {
    const rig = rigWith('a', { body: blob('one') });
    expect(rig.refused(rig.putCommand('b', { body: blob('one') }))).toBe('OperationAborted');
  });

  it('keeps the bytes of a one-zone bucket in its zone', () => {
    const rig = new IndexRig();
    rig.createBucket({ zone: 'use1-az2' });
    rig.put('a', { body: blob('one') });
    expect(rig.view.blob('one')).toEqual({ id: 'one', size: 100, key: 'wrapped', zone: 'use1-az2' });
  });

  it.each([
    [{ ifNoneMatch: '*' as const }, 'PreconditionFailed', undefined, undefined],
    [{ ifMatch: 'etag' }, undefined, 'NoSuchKey', 'NoSuchKey'],
    [{ ifMatch: '*' }, undefined, 'NoSuchKey', 'NoSuchKey'],
    [{ ifMatch: 'other' }, 'PreconditionFailed', 'NoSuchKey', 'NoSuchKey'],
  ])('with %j: on an object %s, on nothing %s, on a delete marker %s', (conditions, present, absent, deleted) => {
    const rig = rigWith('a');
    expect(rig.refused(rig.putCommand('a', conditions))).toBe(present);
    expect(rig.refused(rig.putCommand('b', conditions))).toBe(absent);
    rig.version('Enabled');
    rig.delete('a');
    expect(rig.refused(rig.putCommand('a', conditions))).toBe(deleted);
  });

  it('of several with the condition that nothing is there, one is taken', () => {
    const rig = rigWith('a');
    const results = [1, 2, 3].map(() => rig.apply(rig.putCommand('b', { ifNoneMatch: '*' })).ok);
    expect(results).toEqual([true, false, false]);
  });
});

describe('a copy', () => {
  it('shares the bytes of its source, until the last of them goes', () => {
    const rig = rigWith('a', { body: blob('one'), metadata: { x: '1' }, tags: [{ key: 'k', value: 'v' }] });
    const copied = rig.done<'CopyObject'>(copy(rig, 'b', { headers: { 'content-type': 'text/html' } }));
    expect(copied).toMatchObject({ etag: 'etag', sourceVersionId: 'null' });
    expect(rig.object('b')).toMatchObject({
      metadata: { x: '1' },
      headers: { 'content-type': 'text/html' },
      tags: [{ key: 'k', value: 'v' }],
      bodyId: rig.object('a').bodyId,
    });
    rig.done(copy(rig, 'c'));
    rig.delete('a');
    rig.delete('c');
    expect(rig.blobIds()).toEqual(['one']);
    rig.delete('b');
    expect(rig.blobIds()).toEqual([]);
  });

  it('onto itself keeps the bytes', () => {
    const rig = rigWith('a', { body: blob('one') });
    rig.done(copy(rig, 'a', { metadata: { x: '2' } }));
    rig.done(copy(rig, 'a', { metadata: { x: '3' } }));
    expect([rig.object('a').metadata, rig.blobIds()]).toEqual([{ x: '3' }, ['one']]);
    rig.delete('a');
    expect(rig.blobIds()).toEqual([]);
  });

  it('is refused where the bytes cannot be shared', () => {
    const rig = rigWith('a');
    rig.createBucket({ bucket: 'zonal', zone: 'use1-az1' });
    expect(rig.refused(copy(rig, 'a', { bucket: 'zonal' }))).toBe('BodyNotShareable');
    expect(rig.refused(copy(rig, 'b', { encryption: { kind: 'C', keyMd5: 'x' } }))).toBe('BodyNotShareable');
    rig.put('a', { encryption: { kind: 'C', keyMd5: 'x' } });
    expect(rig.refused(copy(rig, 'b', { encryption: { kind: 'C', keyMd5: 'y' } }))).toBe('BodyNotShareable');
    expect(rig.refused(copy(rig, 'b', { encryption: { kind: 'C', keyMd5: 'x' } }))).toBeUndefined();
  });

  it('asks of its source what it is told to', () => {
    const rig = rigWith('a');
    const { seq, lastModified } = rig.object('a');
    const refused = (source: Partial<CopyObject['source']>) =>
      rig.refused(copy(rig, 'b', { source: { bucket: BUCKET, key: 'a', ...source } }));
    expect(refused({ seq })).toBeUndefined();
    expect(refused({ seq: seq + 1 })).toBe('OperationAborted');
    expect(refused({ ifMatch: 'other' })).toBe('PreconditionFailed');
    expect(refused({ ifMatch: 'etag', ifUnmodifiedSince: lastModified - 1000 })).toBeUndefined();
    expect(refused({ ifUnmodifiedSince: lastModified - 1000 })).toBe('PreconditionFailed');
    expect(refused({ ifUnmodifiedSince: lastModified })).toBeUndefined();
    expect(refused({ ifNoneMatch: 'etag' })).toBe('PreconditionFailed');
    expect(refused({ ifNoneMatch: 'other', ifModifiedSince: lastModified })).toBeUndefined();
    expect(refused({ ifModifiedSince: lastModified })).toBe('PreconditionFailed');
    expect(refused({ key: 'none' })).toBe('NoSuchKey');
    expect(refused({ versionId: 'none' })).toBe('NoSuchVersion');
    rig.version('Enabled');
    rig.delete('a');
    const marker = rig.view.latest(BUCKET, 'a')!.versionId;
    expect(refused({})).toBe('NoSuchKey');
    expect(refused({ versionId: marker })).toBe('InvalidRequest');
    expect(refused({ versionId: 'null' })).toBeUndefined();
  });
});

describe('a rename', () => {
  const rename = (sourceKey: string, key: string, more = {}) =>
    ({ type: 'RenameObject', bucket: BUCKET, sourceKey, key, ...more }) as const;

  it('moves the object of a one-zone bucket, over one that is there', () => {
    const rig = new IndexRig();
    rig.createBucket({ zone: 'use1-az1' });
    rig.put('a', { body: blob('one'), metadata: { x: '1' } });
    rig.put('b', { body: blob('two') });
    const { lastModified } = rig.object('a');
    expect(rig.refused(rename('a', 'b', { ifNoneMatch: '*' }))).toBe('PreconditionFailed');
    expect(rig.refused(rename('a', 'b', { sourceIfMatch: 'other' }))).toBe('PreconditionFailed');
    expect(rig.refused(rename('none', 'b'))).toBe('NoSuchKey');
    rig.done(rename('a', 'b'));
    expect(rig.view.latest(BUCKET, 'a')).toBeUndefined();
    expect(rig.object('b')).toMatchObject({ metadata: { x: '1' }, lastModified });
    expect(rig.blobIds()).toEqual(['one']);
    rig.done(rename('b', 'b'));
    expect(rig.view.usage(BUCKET)).toMatchObject({ objects: 1, bytes: 100 });
  });

  it('asks of what is at the new key what it is told to', () => {
    const rig = new IndexRig();
    rig.createBucket({ zone: 'use1-az1' });
    rig.put('a');
    rig.put('b');
    const { lastModified } = rig.object('b');
    expect(rig.refused(rename('a', 'b', { ifUnmodifiedSince: lastModified - 1000 }))).toBe('PreconditionFailed');
    expect(rig.refused(rename('a', 'b', { ifModifiedSince: lastModified }))).toBe('PreconditionFailed');
    expect(rig.refused(rename('a', 'b', { ifUnmodifiedSince: lastModified }))).toBeUndefined();
  });

  it('is for one-zone buckets', () => {
    const rig = rigWith('a');
    expect(rig.refused(rename('a', 'b'))).toBe('InvalidRequest');
  });
});
