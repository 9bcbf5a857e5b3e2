/**
 * Random commands against the index and a naive store: both answer the same, list the same, hold the same blobs, and
 * what is refused changes nothing. Cites the invariants of `state.ts`.
 */
import { pick, type Random, randomInt, seededRandom } from '@stormglass/base';
import { describe, expect, it } from 'vitest';
import type { ObjectCommand } from './commands.ts';
import { NULL_VERSION, type Version } from './records.ts';
import { ACCOUNT, BUCKET, IndexRig, MIB } from './testing/index-rig.ts';
import { byUtf8, naiveList } from './testing/naive-list.ts';
import { NaiveStore, type NaiveVersion } from './testing/naive-store.ts';

const SEEDS = [1, 2, 3, 4, 5, 6];
const COMMANDS = 300;
const KEYS = [
  'a',
  'a/',
  'a/1',
  'a/2',
  'a/b/1',
  'a0',
  'ab',
  '/',
  '//',
  'z/\uffff',
  'z/\u{1f600}',
  'z/\ud7ff',
  '\0',
  '日/本',
];
const ETAGS = ['e1', 'e2'];

function randomCommand(random: Random, rig: IndexRig, model: NaiveStore): ObjectCommand {
  const key = pick(random, KEYS);
  const at = { bucket: BUCKET, key };
  const chance = (share: number) => random.next() < share;
  const known = model.versions.filter(each => each.key === key);
  const versionId = chance(0.5)
    ? {}
    : {
        versionId:
          known.length > 0 && chance(0.8) ? pick(random, known).versionId : pick(random, [NULL_VERSION, 'none']),
      };
  const conditions = chance(0.8)
    ? {}
    : pick(random, [{ ifNoneMatch: '*' as const }, { ifMatch: pick(random, [...ETAGS, '*']) }]);
  const retention = {
    mode: pick(random, ['GOVERNANCE', 'COMPLIANCE'] as const),
    retainUntil: rig.now + pick(random, [-5_000, 5_000, 20_000]),
  };
  const bypassGovernance = chance(0.5);
  const uploads = [...model.uploads.keys(), ...[...model.ended.keys()].slice(-2)];
  const uploadId = uploads.length > 0 ? pick(random, uploads) : 'none';
  const upload = model.uploads.get(uploadId);
  const inUpload = { bucket: BUCKET, key: upload?.key ?? model.ended.get(uploadId)?.key ?? key, uploadId };
  const size = pick(random, [10, 5 * MIB, 5 * MIB, 6 * MIB]);
  const blob = { size, blob: { id: rig.id(), size, key: 'wrapped' } };
  const encryption = { kind: 'AES256' } as const;
  const complete = (): ObjectCommand => {
    const parts = [...(upload?.parts ?? [])].map(([part, { etag }]) => ({ part, etag: chance(0.9) ? etag : 'e1' }));
    const ordered = chance(0.9) ? parts.sort((a, b) => a.part - b.part) : parts;
    return rig.completeCommand(inUpload.key, uploadId, chance(0.8) ? ordered : ordered.slice(1), conditions);
  };
  const writes: readonly (() => ObjectCommand)[] = [
    () =>
      rig.putCommand(key, {
        ...conditions,
        etag: pick(random, ETAGS),
        body: pick(random, [blob, { size: 2, inline: 'AAA=' }, { size: 0 }]),
        ...(chance(0.1) ? { legalHold: true } : {}),
        ...(chance(0.1) ? { retention: { ...retention, retainUntil: rig.now + 9_000 } } : {}),
      }),
    () => ({
      ...{ type: 'CopyObject', ...at, ...conditions, versionId: rig.id(), owner: ACCOUNT, storageClass: 'STANDARD' },
      ...{ encryption, source: { bucket: BUCKET, key: pick(random, [key, pick(random, KEYS)]), ...versionId } },
    }),
    () => ({
      ...{ type: 'DeleteObjects', bucket: BUCKET, owner: ACCOUNT, bypassGovernance },
      objects: Array.from({ length: 1 + randomInt(random, 2) }, () => ({
        ...{ key: pick(random, [key, pick(random, KEYS)]), markerId: rig.id(), ...versionId },
        ...(chance(0.1) ? { ifMatch: pick(random, [...ETAGS, '*']) } : {}),
      })),
    }),
  ];
  const others: readonly (() => ObjectCommand)[] = [
    () => ({
      type: 'SetBucketVersioning',
      bucket: BUCKET,
      versioning: pick(random, ['Enabled', 'Suspended'] as const),
    }),
    () => ({ type: 'SetObjectTags', ...at, ...versionId, tags: [{ key: 'k', value: rig.id() }] }),
    () => ({ type: 'SetObjectLegalHold', ...at, ...versionId, legalHold: chance(0.4) }),
    () => ({
      type: 'SetObjectRetention',
      ...at,
      ...versionId,
      bypassGovernance,
      retention: chance(0.2) ? null : retention,
    }),
    () => ({
      ...{ type: 'CreateUpload', ...at, uploadId: rig.id(), owner: ACCOUNT, initiator: ACCOUNT },
      ...{ storageClass: 'STANDARD', metadata: {}, headers: {}, encryption },
    }),
    () => ({ type: 'PutPart', ...inUpload, part: 1 + randomInt(random, 3), body: blob, etag: pick(random, ETAGS) }),
    () => ({ type: 'PutPart', ...inUpload, part: 1 + randomInt(random, 3), body: blob, etag: pick(random, ETAGS) }),
    complete,
    complete,
    () => ({ type: 'AbortUpload', ...inUpload }),
  ];
  return pick(random, chance(0.5) ? writes : others)();
}

function outcome(rig: IndexRig, command: ObjectCommand): string {
  const result = rig.apply(command);
  if (!result.ok) return result.code;
  if (command.type !== 'DeleteObjects') return 'ok';
  return (result.value as readonly ({ ok: true } | { ok: false; code: string })[])
    .map(each => (each.ok ? 'ok' : each.code))
    .join();
}

/** How many rows were ever changed: what changes none stores nothing. */
const rowsChanged = (rig: IndexRig) => rig.index.stored.statement('SELECT total_changes() AS rows').get()?.rows;

/** A version as both know it. */
const shown = (rig: IndexRig, version: Version) =>
  version.isMarker
    ? { key: version.key, versionId: version.versionId, isMarker: true }
    : {
        key: version.key,
        versionId: version.versionId,
        isMarker: false,
        etag: version.etag,
        size: version.size,
        body: [...rig.view.pieces(version)].map(({ blob, inline }) => blob?.id ?? `(${inline?.toString('base64')})`),
        tags: JSON.stringify(version.tags),
        retention: version.retention,
        legalHold: version.legalHold === true,
      };
const modelled = ({ key, versionId, isMarker, ...rest }: NaiveVersion) =>
  isMarker ? { key, versionId, isMarker } : { key, versionId, isMarker, ...rest };

/** All versions in the order of lists. */
const inOrder = ({ versions }: NaiveStore): NaiveVersion[] =>
  [...versions].reverse().sort((a, b) => byUtf8(a.key, b.key));

function checkAll(rig: IndexRig, model: NaiveStore): void {
  const all = rig.view.listVersions(BUCKET, { limit: 1_000_000 }).items;
  expect(all.map(version => shown(rig, version))).toEqual(inOrder(model).map(modelled));
  for (const version of all) {
    expect(version.isLatest, 'O1').toBe(model.latest(version.key)?.versionId === version.versionId);
    expect(rig.view.version(BUCKET, version.key, version.versionId)).toEqual(version);
    if (version.isLatest) expect(rig.view.latest(BUCKET, version.key)).toEqual(version);
    let end = 0;
    for (const { offset, size } of version.isMarker ? [] : rig.view.pieces(version)) {
      expect(offset, 'O3').toBe(end);
      end += size;
    }
    if (!version.isMarker) expect(end, 'O3').toBe(version.size);
  }
  expect(new Set(all.map(({ seq }) => seq)).size, 'O5').toBe(all.length);
  const objects = model.versions.filter(version => !version.isMarker);
  expect(rig.view.usage(BUCKET), 'O8').toEqual({
    objects: objects.filter(version => model.latest(version.key) === version).length,
    versions: objects.length,
    markers: model.versions.length - objects.length,
    uploads: model.uploads.size,
    bytes: objects.reduce((sum, { size }) => sum + size, 0),
  });
  expect(rig.blobIds(), 'O2').toEqual(model.blobs());
  const blobs = rig.view.blobs('', 1_000_000);
  const bytes = blobs.reduce((sum, { size }) => sum + size, 0);
  expect(rig.view.blobTotals(), 'O8').toEqual({ count: blobs.length, bytes });
  const told = new Set<string>();
  for (const change of rig.changes) {
    if (change.kind === 'blob-added') told.add(change.blob.id);
    if (change.kind === 'blob-dropped') expect(told.delete(change.blob.id), 'O4').toBe(true);
  }
  expect([...told].sort()).toEqual(model.blobs());
}

/** Lists in pages of random length, with and without versions, are what the naive list is. */
function checkLists(random: Random, rig: IndexRig, model: NaiveStore): void {
  const query = {
    ...pick(random, [{}, { prefix: 'a' }, { prefix: 'a/' }, { prefix: 'z/' }, { prefix: 'none' }]),
    ...pick(random, [{}, { delimiter: '/' }, { delimiter: '/' }, { delimiter: 'b/' }]),
  };
  const limit = 1 + randomInt(random, 4);
  const sorted = inOrder(model);
  const latest = sorted.filter(version => !version.isMarker && model.latest(version.key) === version);
  const ids = (versions: readonly { key: string; versionId: string }[]) =>
    versions.map(each => `${each.key} ${each.versionId}`);

  const keys = { items: [] as { key: string; versionId: string }[], prefixes: [] as string[] };
  for (let next: string | undefined, isFirst = true; isFirst || next !== undefined; isFirst = false) {
    const page = rig.view.list(BUCKET, { ...query, limit, ...(next === undefined ? {} : { after: next }) });
    expect(page.items.length + page.prefixes.length).toBeLessThanOrEqual(limit);
    keys.items.push(...page.items);
    keys.prefixes.push(...page.prefixes);
    next = page.next;
  }
  const wanted = naiveList(latest, query);
  expect([ids(keys.items), keys.prefixes]).toEqual([ids(wanted.items), wanted.prefixes]);

  const versions = { items: [] as { key: string; versionId: string }[], prefixes: [] as string[] };
  let after = undefined as ReturnType<typeof rig.view.listVersions>['next'];
  do {
    const page = rig.view.listVersions(BUCKET, { ...query, limit, ...(after === undefined ? {} : { after }) });
    versions.items.push(...page.items);
    versions.prefixes.push(...page.prefixes);
    // As a client sends it back: without the place, which then is looked up.
    after =
      page.next && random.next() < 0.5 ? ({ ...page.next, seq: undefined } as unknown as typeof after) : page.next;
  } while (after !== undefined);
  const wantedVersions = naiveList(sorted, query);
  expect([ids(versions.items), versions.prefixes]).toEqual([ids(wantedVersions.items), wantedVersions.prefixes]);
}

describe.each(SEEDS)('seed %i', seed => {
  it('does what a naive store does', () => {
    const random = seededRandom(seed);
    const rig = new IndexRig();
    const hasLock = seed % 3 === 0;
    rig.createBucket({ objectLock: hasLock });
    const model = new NaiveStore(hasLock);
    const seen = new Map<string, number>();
    for (let step = 1; step <= COMMANDS; step++) {
      const command = randomCommand(random, rig, model);
      const before = rowsChanged(rig);
      const told = rig.changes.length;
      const result = outcome(rig, command);
      expect(result, JSON.stringify(command)).toBe(model.apply(command, rig.now));
      seen.set(`${command.type} ${result}`, (seen.get(`${command.type} ${result}`) ?? 0) + 1);
      if (!/ok/.test(result)) expect([rowsChanged(rig), rig.changes.length], 'O7').toEqual([before, told]);
      if (step % 4 === 0) checkLists(random, rig, model);
      if (step % 15 === 0 || step === COMMANDS) checkAll(rig, model);
    }
    // Commands that are never taken would prove nothing.
    for (const type of ['PutObject', 'CopyObject', 'DeleteObjects', 'CompleteUpload', 'SetObjectTags'])
      expect(seen.get(`${type} ok`) ?? 0, type).toBeGreaterThan(0);
  });

  it('goes on from a snapshot as from the state itself', () => {
    const random = seededRandom(seed + 100);
    const [one, two] = [new IndexRig(), new IndexRig()];
    const model = new NaiveStore(false);
    one.createBucket();
    two.createBucket({ bucket: 'old' });
    two.put('old', { bucket: 'old' });
    for (let step = 0; step < COMMANDS / 2; step++) {
      const command = randomCommand(random, one, model);
      one.apply(command);
      model.apply(command, one.now);
    }
    // Through JSON, as a snapshot travels.
    two.index.install(JSON.parse(JSON.stringify([...one.index.snapshot()])) as unknown[]);
    expect(two.changes.at(-1)).toEqual({ kind: 'replaced' });
    expect([...two.index.snapshot()]).toEqual([...one.index.snapshot()]);
    two.now = one.now;
    for (let step = 0; step < COMMANDS / 2; step++) {
      const command = randomCommand(random, one, model);
      expect(two.apply(command)).toEqual(one.apply(command));
      model.apply(command, one.now);
    }
    expect([...two.index.snapshot()]).toEqual([...one.index.snapshot()]);
  });
});
