/**
 * Bytes of objects through the worst: everything killed while they are written, files that rot or disappear, a disk that is
 * gone. `STORMGLASS_KILLS=200` runs the full measure.
 */
import { hash } from 'node:crypto';
import { readdirSync } from 'node:fs';
import { readFile, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import {
  CompleteMultipartUploadCommand,
  CreateBucketCommand,
  CreateMultipartUploadCommand,
  DeleteObjectCommand,
  GetObjectCommand,
  NoSuchKey,
  PutObjectCommand,
  S3Client,
  UploadPartCommand,
} from '@aws-sdk/client-s3';
import { pick, randomInt, seededRandom, sleep, systemClock } from '@stormglass/base';
import type { ObjectsReport } from '@stormglass/contracts';
import { until } from '@stormglass/testing';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { RegionUnderTest } from './region-under-test.ts';
import { startWriters, type Writers } from './writers.ts';

const KILLS = Number(process.env.STORMGLASS_KILLS ?? 4);
/** With many kills everything is looked at after every so many of them, and at the end; otherwise the newest. */
const FULL_LOOK = 20;
const RECENT = 400;
const WITH_TIME = { timeout: 120_000 + KILLS * 20_000 };
const GRACE_S = 2;
const WRITERS = 8;
const Bucket = 'durability';
/** In the log's own entries, in one frame of a file, in many. */
const SIZES = [700, 30_000, 700_000];
const PART_BYTES = 5 * 1024 * 1024;

let region: RegionUnderTest;
const random = seededRandom(Number(process.env.STORMGLASS_SEED ?? 1));
/** What was put and acknowledged: hashes by key. A key is written once. */
const kept = new Map<string, string>();
/** Without a clear answer: there whole, or not at all. */
const inDoubt = new Map<string, string>();
/** Deleted, and acknowledged. */
const gone = new Set<string>();
let counter = 0;

beforeAll(async () => {
  region = await RegionUnderTest.start(['--s3-grace', String(GRACE_S)]);
  await (await client()).send(new CreateBucketCommand({ Bucket }));
});
afterAll(() => region?.close());

const client = async (maxAttempts = 3) =>
  new S3Client({
    endpoint: await region.endpoint(),
    region: 'us-east-1',
    forcePathStyle: true,
    credentials: { accessKeyId: 'test', secretAccessKey: 'test' },
    maxAttempts,
  });

const sha256 = (content: Uint8Array): string => hash('sha256', content);

/** Bytes that no other object has. */
const contentOf = (key: string, size: number): Buffer => Buffer.alloc(size, `${key} `);

async function put(s3: S3Client): Promise<void> {
  const Key = `object-${++counter}`;
  const inParts = counter % 25 === 0;
  const Body = contentOf(Key, inParts ? PART_BYTES + 1000 : pick(random, SIZES));
  inDoubt.set(Key, sha256(Body));
  if (inParts) await putInParts(s3, Key, Body);
  else await s3.send(new PutObjectCommand({ Bucket, Key, Body }));
  inDoubt.delete(Key);
  kept.set(Key, sha256(Body));
}

async function putInParts(s3: S3Client, Key: string, content: Buffer): Promise<void> {
  const { UploadId } = await s3.send(new CreateMultipartUploadCommand({ Bucket, Key }));
  const Parts: { PartNumber: number; ETag: string }[] = [];
  for (let from = 0; from < content.length; from += PART_BYTES) {
    const PartNumber = Parts.length + 1;
    const Body = content.subarray(from, from + PART_BYTES);
    const { ETag } = await s3.send(new UploadPartCommand({ Bucket, Key, UploadId, PartNumber, Body }));
    Parts.push({ PartNumber, ETag: ETag! });
  }
  await s3.send(new CompleteMultipartUploadCommand({ Bucket, Key, UploadId, MultipartUpload: { Parts } }));
}

async function remove(s3: S3Client): Promise<void> {
  const Key = pick(random, [...kept.keys()]);
  const was = kept.get(Key)!;
  kept.delete(Key);
  inDoubt.set(Key, was);
  await s3.send(new DeleteObjectCommand({ Bucket, Key }));
  inDoubt.delete(Key);
  gone.add(Key);
}

async function write(): Promise<Writers> {
  const s3 = await client(1);
  const writers = startWriters(WRITERS, () => (kept.size > 20 && random.next() < 0.2 ? remove(s3) : put(s3)));
  return {
    async stop() {
      await writers.stop();
      s3.destroy();
    },
  };
}

/** Hash of an object's bytes; undefined where there is none. */
async function read(s3: S3Client, Key: string): Promise<string | undefined> {
  try {
    const { Body } = await s3.send(new GetObjectCommand({ Bucket, Key }));
    return sha256(await Body!.transformToByteArray());
  } catch (error) {
    if (error instanceof NoSuchKey) return undefined;
    throw error;
  }
}

/**
 * Every acknowledged object is whole, every other one is whole or not there at all.
 * @param recent so many of the newest are looked at
 */
async function nothingIsLost(recent = Number.POSITIVE_INFINITY): Promise<void> {
  const s3 = await client(6);
  const wrong: string[] = [];
  const check = async (key: string, ...expected: readonly (string | undefined)[]) => {
    const found = await read(s3, key);
    if (!expected.includes(found)) wrong.push(`${key}: ${found}, expected ${expected.join(' or ')}`);
    return found;
  };
  await inTurn([...kept].slice(-recent), ([key, was]) => check(key, was));
  await inTurn([...gone].slice(-recent), key => check(key, undefined));
  await inTurn([...inDoubt], async ([key, was]) => {
    const found = await check(key, was, undefined);
    inDoubt.delete(key);
    if (found === undefined) gone.add(key);
    else kept.set(key, found);
  });
  s3.destroy();
  expect(wrong).toEqual([]);
}

const AT_ONCE = 8;

async function inTurn<Item>(items: readonly Item[], run: (item: Item) => Promise<unknown>): Promise<void> {
  let next = 0;
  const runners = Array.from({ length: AT_ONCE }, async () => {
    while (next < items.length) await run(items[next++]!);
  });
  await Promise.all(runners);
}

/** Three copies of everything that somebody refers to, and of nothing else. */
async function becomesWhole(): Promise<readonly ObjectsReport[]> {
  let reports: readonly ObjectsReport[] = [];
  await until(
    'every zone to have what it should, and no more',
    async () => {
      reports = await region.world.objects();
      const bad = reports.filter(({ missing, damaged, unwanted }) => missing + damaged + unwanted > 0);
      if (reports.length < 3 || bad.length > 0) throw new Error(JSON.stringify(reports));
      return true;
    },
    60_000,
  );
  return reports;
}

it(
  'keeps every acknowledged object when everything is killed at any moment, and leaks nothing',
  WITH_TIME,
  async () => {
    for (let round = 0; round < KILLS; round++) {
      const before = kept.size;
      const load = await write();
      await until('writes to flow', () => kept.size !== before && counter > 20);
      await sleep(systemClock, randomInt(random, 400));
      for (const pid of Object.values(await region.pids()).sort(() => random.next() - 0.5))
        process.kill(pid, 'SIGKILL');
      await load.stop();
      await region.up();
      await nothingIsLost(round % FULL_LOOK === 0 ? undefined : RECENT);
    }
    await nothingIsLost();
    expect(kept.size).toBeGreaterThan(KILLS);
    const reports = await becomesWhole();
    const [wanted] = new Set(reports.map(each => each.wanted));
    expect(wanted).toBeGreaterThan(KILLS);
    for (const report of reports) expect(report.wanted).toBe(wanted);
  },
);

function blobsOf(zone: string): string[] {
  const folder = join(region.folder, 'zones', zone, 'objects');
  return readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter(entry => entry.isFile() && !entry.name.includes('sqlite') && !entry.name.includes('.'))
    .map(entry => join(entry.parentPath, entry.name));
}

it('serves objects whose files rotted or disappeared in one zone, and mends them', async () => {
  const zone = 'use1-az2';
  const files = blobsOf(zone);
  expect(files.length).toBeGreaterThan(5);
  for (const [n, file] of files.entries()) {
    if (n % 3 === 0) await rm(file);
    else if (n % 3 === 1) {
      const bytes = await readFile(file);
      const at = randomInt(random, bytes.length);
      bytes[at] = bytes[at]! ^ 0x20;
      await writeFile(file, bytes);
    }
  }
  await nothingIsLost();
  expect((await region.command('scrub', zone)).stderr).toBe('');
  await becomesWhole();
  expect((await region.command('scrub', zone)).code).toBe(0);
  expect(blobsOf(zone).length).toBe(files.length);
  await nothingIsLost();
});

it('brings every object back to a zone whose disk is gone', async () => {
  const zone = 'use1-az3';
  const before = blobsOf(zone).length;
  expect(before).toBeGreaterThan(5);
  await region.command('down');
  await rm(join(region.folder, 'zones', zone), { recursive: true });
  await region.up();
  await nothingIsLost();
  await becomesWhole();
  expect(blobsOf(zone).length).toBe(before);
});
