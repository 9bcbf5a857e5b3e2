/** Objects' bytes over three zones: stored in two before they count, read from wherever they are whole. */
import { randomBytes } from 'node:crypto';
import { globSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { silentLogger, systemClock, systemRandom } from '@stormglass/base';
import { BlobMissing, type BodyKey, ObjectKeys, openBlobFiles, Sealers, type StoredBody } from '@stormglass/blob-store';
import { until } from '@stormglass/testing';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { type BlobZones, startBlobZones } from '../../testing/blob-zones.ts';
import { ReplicatedBytes } from './replicated-bytes.ts';

const REGION_KEY: BodyKey = { kind: 'region' };
const MASTER = Buffer.alloc(32, 5);

let region: BlobZones;
let bytes: ReplicatedBytes[];
let missing: string[];
let damaged: string[];
const sealers = new Sealers({ workers: 0 });

beforeEach(async () => {
  region = await startBlobZones(options => openBlobFiles({ ...options, logger: silentLogger }));
  missing = [];
  damaged = [];
  bytes = region.zones.map(
    ({ id: zone, files, peers, inFlight, named }) =>
      new ReplicatedBytes({
        ...{ zone, files, peers, inFlight, sealers, random: systemRandom, clock: systemClock, logger: silentLogger },
        keys: new ObjectKeys(MASTER, systemRandom),
        isNamed: id => named.has(id),
        onMissing: id => missing.push(id),
        onDamaged: id => damaged.push(id),
      }),
  );
});
afterEach(() => region.close());

async function* inChunks(body: Buffer, size = 100_000) {
  for (let at = 0; at < body.length; at += size) yield body.subarray(at, at + size);
}

const store = (zone: number, body: Buffer, options: { zone?: string; inlineMax?: number } = {}): Promise<StoredBody> =>
  bytes[zone]!.store(inChunks(body), { wants: ['md5'], key: REGION_KEY, inlineMax: 16_384, ...options });

async function read(zone: number, { ref }: StoredBody, from = 0, to = ref!.size, only?: string): Promise<Buffer> {
  const chunks: Buffer[] = [];
  const options = only === undefined ? {} : { zone: only };
  for await (const chunk of bytes[zone]!.read(ref!, REGION_KEY, from, to, options)) chunks.push(Buffer.from(chunk));
  return Buffer.concat(chunks);
}

const holders = async ({ ref }: StoredBody) => {
  const lengths = await Promise.all(region.zones.map(({ files }) => files.storedBytes(ref!.id)));
  return region.zones.filter((_, i) => lengths[i] !== undefined).map(({ id }) => id);
};

/** Turns a byte over in the file of a blob. */
function rot(zone: number, { ref }: StoredBody, at: number): void {
  const [path] = globSync(join(region.zones[zone]!.folder, `**/*${ref!.id.slice(4)}*`));
  expect(path).toBeDefined();
  writeFileSync(path!, Buffer.from([0xff, 0x00, 0xff]), { flag: 'r+', ...{ position: at } });
}

it('gives in every zone what was stored in one', async () => {
  const body = randomBytes(300_001);
  const stored = await store(0, body);
  await until('three copies', async () => (await holders(stored)).length === 3);
  for (const zone of [0, 1, 2]) {
    expect((await read(zone, stored)).equals(body)).toBe(true);
    expect((await read(zone, stored, 65_000, 140_000)).equals(body.subarray(65_000, 140_000))).toBe(true);
  }
  expect([missing, damaged]).toEqual([[], []]);
});

it('keeps what is small in no zone', async () => {
  const body = randomBytes(10);
  const { ref, inline } = await store(0, body);
  expect(ref).toBe(undefined);
  expect(bytes[1]!.openInline(inline!, REGION_KEY).equals(body)).toBe(true);
});

it('reads from another zone what is missing here, and what turns out to be rotten on the way', async () => {
  const body = randomBytes(500_000);
  const stored = await store(0, body);
  await until('three copies', async () => (await holders(stored)).length === 3);
  await region.zones[1]!.files.delete(stored.ref!.id);
  expect((await read(1, stored, 70_000, 400_000)).equals(body.subarray(70_000, 400_000))).toBe(true);
  expect(missing).toEqual([stored.ref!.id]);
  rot(2, stored, 0);
  expect((await read(2, stored)).equals(body)).toBe(true);
  expect(damaged).toEqual([stored.ref!.id]);
});

it('reads of what another zone has no more than the frames it needs, and what is behind them', async () => {
  const body = randomBytes(500_000);
  const stored = await store(0, body);
  await until('three copies', async () => (await holders(stored)).length === 3);
  await region.zones[0]!.files.delete(stored.ref!.id);
  for (const zone of [1, 2]) rot(zone, stored, 1000);
  expect((await read(0, stored, 70_000, 500_000)).equals(body.subarray(70_000))).toBe(true);
  expect(region.zones.flatMap(zone => zone.damaged)).toEqual([]);
  await expect(read(0, stored, 60_000, 70_000)).rejects.toThrow();
});

it('says that a zone may have it which does not answer, and that nobody has it once all have been asked', async () => {
  const stored = await store(0, randomBytes(50_000));
  await until('three copies', async () => (await holders(stored)).length === 3);
  for (const { files } of region.zones) await files.delete(stored.ref!.id);
  await expect(read(0, stored)).rejects.toThrow(BlobMissing);
  await region.stop(1);
  await expect(read(0, stored)).rejects.toMatchObject({ status: 503 });
});

it('keeps bytes of one zone there alone, wherever they come from', async () => {
  const body = randomBytes(100_000);
  for (const zone of [0, 1]) {
    const stored = await store(zone, body, { zone: 'use1-az2' });
    expect(await holders(stored)).toEqual(['use1-az2']);
    for (const reader of [0, 1, 2]) {
      const part = await read(reader, stored, 1000, 90_000, 'use1-az2');
      expect(part.equals(body.subarray(1000, 90_000))).toBe(true);
    }
  }
  expect((await store(0, Buffer.from('small'), { zone: 'use1-az1' })).inline).toBe(undefined);
  await region.stop(1);
  await expect(store(0, body, { zone: 'use1-az2' })).rejects.toMatchObject({ status: 503 });
});

it('refuses with 503 what cannot be kept, and leaves none of it', async () => {
  region.zones[0]!.disk.isFull = true;
  await expect(store(0, randomBytes(100_000))).rejects.toMatchObject({ code: 'ServiceUnavailable', status: 503 });
  region.zones[0]!.disk.isFull = false;
  await region.stop(1);
  await region.stop(2);
  await expect(store(0, randomBytes(100_000))).rejects.toMatchObject({ status: 503 });
  for (const { files } of region.zones) {
    await until('nothing is left', async () => (await Array.fromAsync(files.list())).length === 0);
  }
});

it('deletes what will not be named, and nothing that is', async () => {
  const stored = await store(0, randomBytes(100_000));
  await until('three copies', async () => (await holders(stored)).length === 3);
  region.zones[2]!.named.add(stored.ref!.id);
  bytes[0]!.discard(stored);
  await until('one copy', async () => (await holders(stored)).length === 1);
  expect(await holders(stored)).toEqual(['use1-az3']);
});
