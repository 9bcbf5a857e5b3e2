/** What keeps a zone's copies: what it finds wrong, what it fetches, what it deletes and what it leaves alone. */
import { randomBytes } from 'node:crypto';
import { globSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { randomInt, seededRandom, silentLogger, systemClock } from '@stormglass/base';
import { openBlobFiles, storedBytesOf } from '@stormglass/blob-store';
import type { BlobEntry } from '@stormglass/object-index';
import { SimClock, until } from '@stormglass/testing';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { type BlobZones, startBlobZones } from '../../testing/blob-zones.ts';
import { storedForm } from '../../testing/stored-form.ts';
import { Collection } from './collection.ts';
import { compareCopies } from './copies.ts';
import { damageBlobs } from './damage-blobs.ts';
import { InFlight } from './in-flight.ts';
import { Repair } from './repair.ts';
import { Scrub } from './scrub.ts';

const ID = 'ffeeddccbbaa99887766554433221100';
const SIZE = 70_000;
const entry = (id: string, zone?: string): BlobEntry => ({
  ...{ id, size: SIZE, key: '' },
  ...(zone === undefined ? {} : { zone }),
});

async function* streamed(ids: readonly string[]) {
  yield* ids;
}

async function* chunks(bytes: Buffer) {
  yield bytes;
}

describe('repair', () => {
  let region: BlobZones;
  let blobs: Map<string, BlobEntry>;
  let repair: Repair;
  const stored = storedForm(ID, randomBytes(70_000));
  beforeEach(async () => {
    region = await startBlobZones(options => openBlobFiles({ ...options, logger: silentLogger }));
    blobs = new Map([[ID, entry(ID)]]);
    const { id: zone, files, peers, inFlight } = region.zones[0]!;
    const view = { blob: (id: string) => blobs.get(id) };
    repair = new Repair({ zone, view, files, peers, inFlight, clock: systemClock, logger: silentLogger });
  });
  afterEach(async () => {
    await repair.close();
    await region.close();
  });

  const isHere = async () => (await region.zones[0]!.files.storedBytes(ID)) !== undefined;

  it('fetches what is missing from a zone that has it', async () => {
    await region.zones[2]!.files.receive(ID, chunks(stored));
    repair.want(ID);
    await until('the copy', isHere);
    await until('it is counted', () => repair.repaired === 1);
  });

  it('puts a whole copy in place of a rotten one', async () => {
    const { files, folder } = region.zones[0]!;
    for (const zone of region.zones) await zone.files.receive(ID, chunks(stored));
    writeFileSync(globSync(join(folder, `**/*${ID.slice(4)}*`))[0]!, Buffer.from('rot'), { flag: 'r+' });
    expect(await files.scrub(ID)).toBe('damaged');
    repair.wantInPlace(ID);
    expect(repair.damaged).toBe(1);
    await until('it is whole', async () => (await files.scrub(ID)) === 'whole');
    await until('it is no longer told', () => repair.damaged === 0);
  });

  it('mends what a fault has done to the disk', async () => {
    const { files, folder } = region.zones[0]!;
    for (const zone of region.zones) await zone.files.receive(ID, chunks(stored));
    const rule = { id: 'f1', share: 0.5, seed: 3 };
    expect(await damageBlobs({ ...rule, damage: 'blob-rot' }, folder, files)).toBe(1);
    expect(await files.scrub(ID)).toBe('damaged');
    repair.wantInPlace(ID);
    await until('it is whole', async () => (await files.scrub(ID)) === 'whole');
    expect(await damageBlobs({ ...rule, damage: 'blob-loss' }, folder, files)).toBe(1);
    expect(await isHere()).toBe(false);
  });

  it('goes on asking until somebody has it, and past zones whose copies are rotten', async () => {
    const { files, folder, damaged } = region.zones[1]!;
    await files.receive(ID, chunks(stored));
    writeFileSync(globSync(join(folder, `**/*${ID.slice(4)}*`))[0]!, Buffer.from('rot'), { flag: 'r+' });
    repair.want(ID);
    await until('the rotten copy was found', () => damaged.includes(ID));
    expect(await isHere()).toBe(false);
    await region.zones[2]!.files.receive(ID, chunks(stored));
    await until('the copy', isHere);
  });

  it('leaves alone what belongs to another zone, or to nobody any more', async () => {
    await region.zones[2]!.files.receive(ID, chunks(stored));
    const other = ID.replace('ff', 'fe');
    await region.zones[2]!.files.receive(other, chunks(storedForm(other, randomBytes(10))));
    blobs.set(ID, entry(ID, 'use1-az3'));
    blobs.set(other, entry(other));
    repair.want(ID);
    repair.want(ID.replace('ff', 'aa'));
    repair.want(other);
    await until('the last of them', async () => (await region.zones[0]!.files.storedBytes(other)) !== undefined);
    expect(await isHere()).toBe(false);
  });
});

describe('collection', () => {
  const clock = new SimClock();
  const setUp = () => {
    const named = new Map<string, BlobEntry>();
    const deleted: string[] = [];
    const inFlight = new InFlight();
    const log = { isThere: true };
    const collection = new Collection({
      ...{ zone: 'z1', graceMs: 1000, inFlight, clock, view: { blob: id => named.get(id) } },
      upToDate: () => (log.isThere ? Promise.resolve() : Promise.reject(new Error('no quorum'))),
      files: {
        delete: async id => {
          deleted.push(id);
          return true;
        },
      },
    });
    return { named, deleted, inFlight, log, collection };
  };
  const pass = (ms: number) => clock.run(clock.monotonic() + ms);

  it('deletes what has lain unwanted for long enough, and nothing else', async () => {
    const { named, deleted, inFlight, collection } = setUp();
    for (const id of ['a', 'b', 'c', 'd']) collection.unwanted(id);
    await pass(900);
    collection.unwanted('late');
    collection.unwanted('a');
    await collection.collect();
    expect(deleted).toEqual([]);
    named.set('b', entry('b')).set('d', entry('d', 'z2'));
    inFlight.begin('c');
    await pass(200);
    await collection.collect();
    expect(deleted).toEqual(['a', 'd']);
    expect(collection.collected).toBe(2);
    await pass(1000);
    await collection.collect();
    expect(deleted).toEqual(['a', 'd', 'late']);
  });

  it('deletes nothing while it is not known what is wanted', async () => {
    const { deleted, log, collection } = setUp();
    collection.unwanted('a');
    await pass(2000);
    log.isThere = false;
    await expect(collection.collect()).rejects.toThrow();
    expect(deleted).toEqual([]);
    log.isThere = true;
    await collection.collect();
    expect(deleted).toEqual(['a']);
  });
});

it('compares what is named with what is there, page by page', async () => {
  const random = seededRandom(7);
  const id = (n: number) => n.toString(16).padStart(32, '0');
  for (const count of [0, 1, 499, 500, 501, 1700]) {
    const there: string[] = [];
    const named: BlobEntry[] = [];
    for (let n = 0; n < count; n++) {
      if (randomInt(random, 3) > 0) there.push(id(n));
      const of = randomInt(random, 4);
      if (of > 0) named.push(of === 3 ? entry(id(n), randomInt(random, 2) === 0 ? 'z1' : 'z2') : entry(id(n)));
    }
    const after = <T extends { id: string }>(items: T[], last: string, limit: number) =>
      items.filter(item => item.id > last).slice(0, limit);
    const found = await compareCopies({
      zone: 'z1',
      view: { blobs: (last, limit) => after(named, last, limit) },
      files: { list: () => streamed(there) },
    });
    const wanted = named.filter(({ zone }) => zone !== 'z2').map(blob => blob.id);
    const missing = wanted.filter(each => !there.includes(each));
    const unwanted = there.filter(each => !wanted.includes(each));
    expect(found).toEqual({
      ...{
        wanted: wanted.length,
        storedBytes: storedBytesOf(SIZE) * wanted.filter(each => there.includes(each)).length,
        missing,
        missingCount: missing.length,
      },
      ...{ unwanted, unwantedCount: unwanted.length },
    });
  }
});

it('reads everything again when it is asked to, whatever it was doing', async () => {
  const ids = Array.from({ length: 250 }, (_, n) => n.toString(16).padStart(32, '0'));
  const read: string[] = [];
  const damaged: string[] = [];
  const scrub = new Scrub({
    files: {
      list: () => streamed(ids),
      storedBytes: async () => 1e9,
      scrub: async id => {
        read.push(id);
        return id === ids[7] ? 'damaged' : 'whole';
      },
    },
    onDamaged: id => damaged.push(id),
    ...{ clock: systemClock, logger: silentLogger },
  });
  scrub.start();
  scrub.now();
  expect(scrub.state.isRunning).toBe(true);
  await until('a round', () => scrub.state.endedAt !== null && !scrub.state.isRunning);
  expect([read, damaged]).toEqual([ids, [ids[7]]]);
  expect(scrub.state.checked).toBe(250);
  scrub.now();
  await until('another round', () => read.length === 500 && !scrub.state.isRunning);
  await scrub.close();
});
