import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { BUCKET, IndexRig } from './testing/index-rig.ts';

let folder: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'object-index-'));
});
afterEach(() => rm(folder, { recursive: true, force: true }));

const position = (seq: number) => ({ logId: 'log', seq, now: 1, hash: 0 });

it('is found again on the disk, and draws no number twice', async () => {
  const path = join(folder, 's3.sqlite');
  const rig = new IndexRig(path);
  rig.index.stored.begin();
  rig.createBucket();
  rig.put('a');
  rig.index.stored.commit(position(1), [], 0);
  const { seq } = rig.object('a');
  const before = [...rig.index.snapshot()];
  await rig.index.stored.close();

  const again = new IndexRig(path);
  expect(again.index.stored.position).toEqual(position(1));
  expect([...again.index.snapshot()]).toEqual(before);
  expect(again.put('b').seq).toBe(seq + 1);
  await again.index.stored.close();
});

it('tells of changes when they are committed, and never of those that are taken back', () => {
  const rig = new IndexRig();
  rig.createBucket();
  const { stored } = rig.index;
  const blob = { size: 1, blob: { id: 'one', size: 1, key: 'k' } };
  stored.begin();
  rig.put('a', { body: blob });
  expect(rig.changes).toEqual([]);
  stored.commit(position(1), [], 0);
  expect(rig.changes.map(({ kind }) => kind)).toEqual(['blob-added', 'object']);
  const { seq } = rig.object('a');

  stored.begin();
  rig.version('Enabled');
  rig.put('a');
  stored.rollback(new Error('no'));
  expect(rig.changes.slice(2)).toEqual([{ kind: 'replaced' }]);
  // What was taken back is forgotten everywhere: the bucket as it was, and the numbers that were drawn.
  expect(rig.view.bucket(BUCKET)?.versioning).toBe('');
  expect(rig.put('b').seq).toBe(seq + 1);
});

it('tells of nothing that was refused, and to nobody who no longer listens', () => {
  const rig = new IndexRig();
  rig.createBucket();
  const heard: string[] = [];
  const stop = rig.index.onChange(({ kind }) => heard.push(kind));
  rig.refused(rig.putCommand('a', { ifMatch: 'x' }));
  expect(heard).toEqual([]);
  rig.put('a');
  stop();
  rig.put('a');
  expect(heard).toEqual(['object']);
});

it('says what became of objects, in an order that sequencers tell', () => {
  const rig = new IndexRig();
  rig.createBucket();
  rig.put('a');
  rig.done({ type: 'SetObjectTags', bucket: BUCKET, key: 'a', tags: [{ key: 'k', value: 'v' }] });
  rig.done({ type: 'SetObjectTags', bucket: BUCKET, key: 'a', tags: [] });
  rig.done({ type: 'SetObjectAcl', bucket: BUCKET, key: 'a', acl: null });
  rig.delete('a');
  const changes = rig.changes.flatMap(change => (change.kind === 'object' ? [change] : []));
  expect(changes.map(({ event }) => event)).toEqual([
    'ObjectCreated:Put',
    'ObjectTagging:Put',
    'ObjectTagging:Delete',
    'ObjectAcl:Put',
    'ObjectRemoved:Delete',
  ]);
  const sequencers = changes.map(({ sequencer }) => sequencer);
  expect(sequencers).toEqual([...new Set(sequencers)].sort((a, b) => a - b));
});
