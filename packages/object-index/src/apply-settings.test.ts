import { describe, expect, it } from 'vitest';
import { BUCKET, IndexRig } from './testing/index-rig.ts';

const tags = [{ key: 'k', value: 'v' }];

describe('tags and access lists', () => {
  const rig = new IndexRig();
  rig.createBucket();
  rig.put('a');
  rig.version('Enabled');
  const { versionId } = rig.put('a');
  const at = { bucket: BUCKET, key: 'a' };

  it('are set on the latest version, or on another', () => {
    const { lastModified } = rig.object('a');
    expect(rig.done<'SetObjectTags'>({ type: 'SetObjectTags', ...at, tags })).toEqual({ versionId });
    expect(rig.done<'SetObjectAcl'>({ type: 'SetObjectAcl', ...at, versionId: 'null', acl: { grants: [] } })).toEqual({
      versionId: 'null',
    });
    expect(rig.object('a')).toMatchObject({ tags, lastModified });
    expect(rig.view.version(BUCKET, 'a', 'null')).toMatchObject({ acl: { grants: [] }, tags: [], isLatest: false });
    rig.done({ type: 'SetObjectTags', ...at, tags: [] });
    rig.done({ type: 'SetObjectAcl', ...at, versionId: 'null', acl: null });
    expect(rig.object('a').tags).toEqual([]);
    expect(rig.view.version(BUCKET, 'a', 'null')).not.toHaveProperty('acl');
  });

  it('are refused where there is no object', () => {
    const set = { type: 'SetObjectTags', ...at, tags } as const;
    expect(rig.refused({ ...set, key: 'none' })).toBe('NoSuchKey');
    expect(rig.refused({ ...set, versionId: 'none' })).toBe('NoSuchVersion');
    expect(rig.refused({ ...set, bucket: 'none' })).toBe('NoSuchBucket');
    rig.delete('a');
    expect(rig.refused(set)).toBe('NoSuchKey');
    expect(rig.refused({ ...set, versionId: rig.view.latest(BUCKET, 'a')!.versionId })).toBe('MethodNotAllowed');
  });
});
