import { readdirSync } from 'node:fs';
import { readFile, truncate, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { CreateUserCommand, IAMClient, paginateListUsers } from '@aws-sdk/client-iam';
import { randomInt, seededRandom, sleep, systemClock } from '@stormglass/base';
import { until } from '@stormglass/testing';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { RegionUnderTest } from './region-under-test.ts';
import { startWriters, type Writers } from './writers.ts';

let region: RegionUnderTest;
const acknowledged = new Set<string>();
const random = seededRandom(Number(process.env.STORMGLASS_SEED ?? 1));
let counter = 0;
beforeAll(async () => {
  region = await RegionUnderTest.start();
});
afterAll(() => region?.close());

const client = async (endpoint?: string) =>
  new IAMClient({
    endpoint: endpoint ?? (await region.endpoint()),
    region: 'us-east-1',
    credentials: { accessKeyId: 'test', secretAccessKey: 'test' },
    maxAttempts: 1,
  });

async function write(): Promise<Writers> {
  const iam = await client();
  return startWriters(8, async () => {
    const name = `user-${++counter}`;
    await iam.send(new CreateUserCommand({ UserName: name }));
    acknowledged.add(name);
  });
}

/** Every acknowledged user is there, and the zones hold the same. */
async function nothingIsLost(): Promise<void> {
  const iam = new IAMClient({
    endpoint: await region.endpoint(),
    region: 'us-east-1',
    credentials: { accessKeyId: 'test', secretAccessKey: 'test' },
  });
  const found = new Set<string>();
  for await (const page of paginateListUsers({ client: iam, pageSize: 1000 }, {})) {
    for (const { UserName } of page.Users ?? []) found.add(UserName!);
  }
  expect([...acknowledged].filter(name => !found.has(name))).toEqual([]);
  await until('the zones to agree', async () => {
    const { findings } = await region.world.doctor();
    const bad = findings.filter(f => f.level !== 'ok');
    if (bad.length > 0) throw new Error(bad.map(f => f.text).join('; '));
    return true;
  });
}

it('keeps everything across an orderly end and a new start', async () => {
  const load = await write();
  await until('some writes', () => acknowledged.size > 50);
  await load.stop();
  expect((await region.command('down')).code).toBe(0);
  await region.up();
  await nothingIsLost();
});

it('keeps everything when all processes are killed at any moment', async () => {
  for (let round = 0; round < 6; round++) {
    const before = acknowledged.size;
    const load = await write();
    await until('writes to flow', () => acknowledged.size > before + 20);
    await sleep(systemClock, randomInt(random, 150));
    for (const pid of Object.values(await region.pids()).sort(() => random.next() - 0.5)) process.kill(pid, 'SIGKILL');
    await load.stop();
    await region.up();
    await nothingIsLost();
  }
});

it('mends a torn journal in one zone and a corrupted one in another', async () => {
  for (let round = 0; round < 4; round++) {
    const load = await write();
    const before = acknowledged.size;
    await until('writes to flow', () => acknowledged.size > before + 30);
    await load.stop();
    await region.command('down');
    const [torn, rotten] = round % 2 === 0 ? ['use1-az1', 'use1-az2'] : ['use1-az3', 'use1-az1'];
    await tear(torn!);
    await rot(rotten!);
    await region.up();
    await nothingIsLost();
  }
});

it('rebuilds a zone whose disk is gone', async () => {
  const { rm } = await import('node:fs/promises');
  await region.command('down');
  await rm(join(region.folder, 'zones', 'use1-az2'), { recursive: true });
  await region.up();
  await nothingIsLost();
});

function newestSegment(zone: string): string {
  const folder = join(region.folder, 'zones', zone, 'journal', 'iam');
  const segments = readdirSync(folder).filter(name => name.endsWith('.segment'));
  return join(folder, segments.sort().at(-1)!);
}

/** As if the power had gone in the middle of the last write. */
async function tear(zone: string): Promise<void> {
  const path = newestSegment(zone);
  const { length } = await readFile(path);
  await truncate(path, Math.max(0, length - 1 - randomInt(random, 200)));
}

/** As if a sector near the end had gone bad. */
async function rot(zone: string): Promise<void> {
  const path = newestSegment(zone);
  const bytes = await readFile(path);
  const at = Math.max(0, bytes.length - 1 - randomInt(random, Math.min(2000, bytes.length)));
  bytes[at] = bytes[at]! ^ 0x55;
  await writeFile(path, bytes);
}
