/** A blob on its way to three zones, of which others may be slow, silent, dead, full, or cut off in the middle. */
import { randomBytes } from 'node:crypto';
import { silentLogger, systemClock } from '@stormglass/base';
import { type BlobSink, openBlobFiles } from '@stormglass/blob-store';
import { until } from '@stormglass/testing';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { type BlobZones, startBlobZones } from '../../testing/blob-zones.ts';
import { storedForm } from '../../testing/stored-form.ts';
import { ReplicatedSink, TooFewCopies } from './replicated-sink.ts';

let region: BlobZones;
beforeEach(async () => {
  region = await startBlobZones(options => openBlobFiles({ ...options, logger: silentLogger }));
});
afterEach(() => region.close());

let lost: string[];

async function sinkOf(id: string): Promise<BlobSink> {
  const [first, ...others] = region.zones;
  lost = [];
  return new ReplicatedSink({
    id,
    local: await first!.files.create(id),
    peers: others.map(({ id: zone }) => ({ zone, upload: first!.peers.upload(zone, id) })),
    needed: 1,
    clock: systemClock,
    onLost: zone => lost.push(zone),
  });
}

/** Writes a body of so many bytes; whether each zone has it then. */
async function put(id: string, size: number, between: (written: number) => Promise<void> | void = () => {}) {
  const sink = await sinkOf(id);
  const stored = storedForm(id, randomBytes(size));
  try {
    for (let at = 0; at < stored.length; at += 100_000) {
      await sink.write(stored.subarray(at, at + 100_000));
      await between(at);
    }
    await sink.commit();
  } catch (error) {
    await sink.abort();
    throw error;
  }
  return stored;
}

const has = async (zone: number, id: string) => (await region.zones[zone]!.files.storedBytes(id)) !== undefined;
const copies = async (id: string) => Promise.all(region.zones.map((_, i) => has(i, id)));

const ID = '00112233445566778899aabbccddeeff';
const MIB = 1024 * 1024;

it('is the same in all zones', async () => {
  const stored = await put(ID, 3 * MIB + 17);
  await until('three copies', async () => (await copies(ID)).every(Boolean));
  for (const { files } of region.zones) {
    const chunks: Buffer[] = [];
    for await (const chunk of files.readStored(ID)) chunks.push(Buffer.from(chunk));
    expect(Buffer.concat(chunks).equals(stored)).toBe(true);
  }
  expect(lost).toEqual([]);
});

it('does without one other zone that is dead', async () => {
  await region.stop(1);
  await put(ID, 200_000);
  expect(await copies(ID)).toEqual([true, false, true]);
  expect(lost).toEqual(['use1-az2']);
});

it('does without one that is cut off in the middle, once it lags behind', async () => {
  await put(ID, 6 * MIB, written => {
    if (written === 1_000_000) region.addFault('partition', 2);
  });
  expect([await has(0, ID), await has(1, ID)]).toEqual([true, true]);
  expect(lost).toContain('use1-az3');
  region.healLinks();
  expect(await has(2, ID)).toBe(false);
});

it('does without one that is slow', async () => {
  region.addFault('bandwidth', 1, { bytesPerSecond: 200_000 });
  await put(ID, 5 * MIB);
  expect([await has(0, ID), await has(2, ID)]).toEqual([true, true]);
  expect(lost).toEqual(['use1-az2']);
});

it('does without one whose disk is full, and without one to which bytes change on their way', async () => {
  region.zones[1]!.disk.isFull = true;
  await put(ID, 300_000);
  expect(await copies(ID)).toEqual([true, false, true]);
  region.zones[1]!.disk.isFull = false;
  region.addFault('corruption', 2, { probability: 1 });
  const other = ID.replace('00', '01');
  await put(other, 300_000);
  await until('the loss is noticed', () => lost.includes('use1-az3'));
  expect(await copies(other)).toEqual([true, true, false]);
});

it('is refused when no other zone takes it, and leaves nothing', async () => {
  await region.stop(1);
  await region.stop(2);
  await expect(put(ID, 3 * MIB)).rejects.toThrow(TooFewCopies);
  expect(await copies(ID)).toEqual([false, false, false]);
});

it('is refused when the disk of its own zone is full', async () => {
  const sink = await sinkOf(ID);
  region.zones[0]!.disk.isFull = true;
  await expect(sink.write(Buffer.alloc(10))).rejects.toMatchObject({ code: 'ENOSPC' });
  await sink.abort();
  expect(await copies(ID)).toEqual([false, false, false]);
});

it('is given up as a whole', async () => {
  const sink = await sinkOf(ID);
  await sink.write(storedForm(ID, randomBytes(10)));
  await sink.abort();
  await until('nothing is on its way', () => region.zones.every(({ inFlight }) => !inFlight.has(ID)));
  expect(await copies(ID)).toEqual([false, false, false]);
});
