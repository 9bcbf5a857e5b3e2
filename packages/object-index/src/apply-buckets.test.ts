import { describe, expect, it } from 'vitest';
import { ACCOUNT, BUCKET, IndexRig } from './testing/index-rig.ts';

const create = { type: 'CreateBucket', bucket: BUCKET, account: ACCOUNT, region: 'us-east-1' } as const;
const remove = { type: 'DeleteBucket', bucket: BUCKET } as const;

describe('a bucket', () => {
  it('is made with what it is given, and there once', () => {
    const rig = new IndexRig();
    const bucket = rig.done<'CreateBucket'>({ ...create, config: { ownership: 'BucketOwnerEnforced' } });
    expect(bucket).toMatchObject({
      name: BUCKET,
      account: ACCOUNT,
      versioning: '',
      objectLock: false,
      createdAt: rig.now,
    });
    expect(rig.view.bucket(BUCKET)).toEqual(bucket);
    expect(rig.refused(create)).toBe('BucketAlreadyOwnedByYou');
    expect(rig.refused({ ...create, account: '222222222222' })).toBe('BucketAlreadyExists');
    expect(rig.view.bucket(BUCKET)).toEqual(bucket);
  });

  it('has another generation after every change, and when it is made anew', () => {
    const rig = new IndexRig();
    const seen = new Set<number>();
    const see = () => seen.add(rig.view.bucket(BUCKET)!.generation);
    rig.createBucket();
    see();
    rig.done({ type: 'SetBucketConfig', bucket: BUCKET, name: 'policy', value: { Statement: [] } });
    see();
    expect(rig.view.bucket(BUCKET)?.config).toEqual({ policy: { Statement: [] } });
    rig.done({ type: 'SetBucketConfig', bucket: BUCKET, name: 'policy', value: null });
    see();
    expect(rig.view.bucket(BUCKET)?.config).toEqual({});
    rig.version('Enabled');
    see();
    rig.done(remove);
    expect(rig.view.bucket(BUCKET)).toBeUndefined();
    rig.createBucket();
    see();
    expect(seen.size).toBe(5);
  });

  it('is listed by name, of its account and of all', () => {
    const rig = new IndexRig();
    for (const bucket of ['b2', 'a', 'b1', 'c']) rig.createBucket({ bucket });
    rig.createBucket({ bucket: 'b3', account: '222222222222' });
    const names = (buckets: readonly { name: string }[]) => buckets.map(({ name }) => name);
    expect(names(rig.view.bucketsOf(ACCOUNT, { limit: 10 }))).toEqual(['a', 'b1', 'b2', 'c']);
    expect(names(rig.view.bucketsOf(ACCOUNT, { prefix: 'b', limit: 10 }))).toEqual(['b1', 'b2']);
    expect(names(rig.view.bucketsOf(ACCOUNT, { after: 'a', limit: 2 }))).toEqual(['b1', 'b2']);
    expect(names(rig.view.buckets({ after: 'b1', limit: 2 }))).toEqual(['b2', 'b3']);
    expect(rig.view.buckets({ limit: 0 })).toEqual([]);
  });

  it('goes when nothing is in it, uploads in progress not counted', () => {
    const rig = new IndexRig();
    rig.createBucket();
    rig.put('a');
    expect(rig.refused(remove)).toBe('BucketNotEmpty');
    rig.version('Enabled');
    rig.delete('a');
    rig.delete('a', { versionId: 'null' });
    expect(rig.view.usage(BUCKET)).toMatchObject({ objects: 0, markers: 1 });
    expect(rig.apply(remove)).toMatchObject({
      code: 'BucketNotEmpty',
      message: expect.stringContaining('all versions'),
    });
    rig.delete('a', { versionId: rig.view.latest(BUCKET, 'a')!.versionId });
    rig.createUpload('a', 'u');
    rig.putPart('a', 'u', 1, 100, 'blob');
    rig.done(remove);
    expect([rig.blobIds(), rig.view.upload('u')]).toEqual([[], undefined]);
    expect(rig.refused(remove)).toBe('NoSuchBucket');
    rig.createBucket();
    expect(rig.view.usage(BUCKET)).toMatchObject({ markers: 0, uploads: 0 });
  });

  it('of one zone stays while there are uploads, and keeps no versions', () => {
    const rig = new IndexRig();
    rig.createBucket({ zone: 'use1-az2' });
    rig.createUpload('a', 'u');
    expect(rig.refused(remove)).toBe('BucketNotEmpty');
    expect(rig.refused({ type: 'SetBucketVersioning', bucket: BUCKET, versioning: 'Enabled' })).toBe('InvalidRequest');
  });

  it('whose objects can be locked keeps all versions, for ever', () => {
    const rig = new IndexRig();
    rig.createBucket();
    const lock = { type: 'SetBucketObjectLock', bucket: BUCKET, config: {} } as const;
    expect(rig.refused(lock)).toBe('InvalidBucketState');
    rig.version('Enabled');
    rig.done(lock);
    expect(rig.refused({ type: 'SetBucketVersioning', bucket: BUCKET, versioning: 'Suspended' })).toBe(
      'InvalidBucketState',
    );
    expect(rig.view.bucket(BUCKET)).toMatchObject({ objectLock: true, config: { objectLock: {} } });
  });
});

it('refuses commands of a newer build', () => {
  const rig = new IndexRig();
  expect(rig.refused({ type: 'Transcend', bucket: BUCKET } as never)).toBe('UnknownCommand');
  expect(rig.refused({ type: 'constructor', bucket: BUCKET } as never)).toBe('UnknownCommand');
});
