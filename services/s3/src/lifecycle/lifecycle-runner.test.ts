/** Lifecycle rules carried out on a real index, day by day: the days pass by the clock's hand. */
import type { LifecycleRule as SdkRule } from '@aws-sdk/client-s3';
import { type Clock, seededRandom, silentLogger, skewed, systemClock } from '@stormglass/base';
import {
  type IndexChange,
  type Json,
  type ObjectCommand,
  ObjectIndex,
  type ObjectIndexView,
  type ObjectResult,
} from '@stormglass/object-index';
import { MemoryLog, Replica } from '@stormglass/replicated-state';
import { until } from '@stormglass/testing';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { LifecycleRunner, prefixesOf } from './lifecycle-runner.ts';
import { lifecycleRules } from './rules.ts';

const DAY = 86_400_000;
const BUCKET = 'letters';

let days: number;
let clock: Clock;
let index: ObjectIndex;
let replica: Replica<ObjectCommand, ObjectResult, ObjectIndexView>;
let runner: LifecycleRunner;
let drawn: number;
const told: IndexChange[] = [];

beforeEach(async () => {
  days = drawn = 0;
  told.length = 0;
  const noon = Date.parse('2030-01-01T12:00:00Z') - Date.now();
  clock = skewed(systemClock, () => noon + days * DAY);
  index = ObjectIndex.open({ path: ':memory:', logger: silentLogger });
  index.onChange(change => told.push(change));
  const sources = { clock, random: seededRandom(1), logger: silentLogger };
  replica = new Replica({ machine: index, log: new MemoryLog(clock).open(), ...sources });
  await replica.start();
  runner = new LifecycleRunner({ replica, ...sources, dayMs: DAY, newVersionId: () => `marker-${++drawn}` });
});
afterEach(async () => {
  await runner.stop();
  await replica.close();
});

async function run(command: ObjectCommand): Promise<void> {
  const result = await replica.execute(command, { deadline: clock.monotonic() + 5000 });
  if (!result.ok) throw new Error(`${command.type}: ${result.code}`);
}

/** Has that day come. What was proposed before a jump of the clock has expired: the first to notice tries again. */
async function day(number: number): Promise<void> {
  days = number;
  await until('the log to know', () => run({ type: 'CollectGarbage' }).then(() => true));
}

async function bucketWith(versioning: 'Enabled' | 'Suspended' | undefined, ...rules: Partial<SdkRule>[]) {
  const config = { Rules: rules.map((rule, n) => ({ ID: `r${n}`, Status: 'Enabled', Filter: {}, ...rule })) };
  const lifecycle = JSON.parse(JSON.stringify(config)) as Json;
  await run({ type: 'CreateBucket', bucket: BUCKET, account: '123456789012', region: 'us-east-1' });
  await run({ type: 'SetBucketConfig', bucket: BUCKET, name: 'lifecycle', value: lifecycle });
  if (versioning) await run({ type: 'SetBucketVersioning', bucket: BUCKET, versioning });
}

const put = (key: string, versionId = `v${++drawn}`, more: object = {}) =>
  run({
    type: 'PutObject',
    bucket: BUCKET,
    key,
    versionId,
    owner: '123456789012',
    body: { size: 0 },
    etag: 'd41d8cd98f00b204e9800998ecf8427e',
    storageClass: 'STANDARD',
    metadata: {},
    headers: {},
    encryption: { kind: 'AES256' },
    ...more,
  });

/** Every version, the newest of a key first: `key version`, with `marker` for delete markers. */
const versions = () =>
  replica.view
    .listVersions(BUCKET, { limit: 1000 })
    .items.map(({ key, versionId, isMarker }) => `${key} ${isMarker ? 'marker' : versionId}`);

test('objects of a bucket without versions are gone for good, those of other rules stay', async () => {
  await bucketWith(undefined, { Filter: { Prefix: 'old/' }, Expiration: { Days: 2 } });
  await put('old/a');
  await put('young/a');
  await day(2);
  expect(await runner.pass()).toBe(0);
  await day(3);
  expect(await runner.pass()).toBe(1);
  expect(versions()).toEqual(['young/a null']);
  expect(told.at(-1)).toMatchObject({ event: 'LifecycleExpiration:Delete', key: 'old/a' });
});

test('versions are hidden, then gone, then their markers', async () => {
  await bucketWith(
    'Enabled',
    { Expiration: { Days: 1 } },
    { NoncurrentVersionExpiration: { NoncurrentDays: 1 }, Expiration: { ExpiredObjectDeleteMarker: true } },
  );
  await put('a', 'v1');
  await day(2);
  expect(await runner.pass()).toBe(1);
  expect(versions()).toEqual(['a marker', 'a v1']);
  expect(await runner.pass()).toBe(0);
  await day(4);
  expect(await runner.pass()).toBe(1);
  expect(versions()).toEqual(['a marker']);
  expect(await runner.pass()).toBe(1);
  expect(versions()).toEqual([]);
});

test('so many versions that are not current are kept, whatever their age', async () => {
  await bucketWith('Enabled', {
    NoncurrentVersionExpiration: { NoncurrentDays: 1, NewerNoncurrentVersions: 2 },
  });
  for (const id of ['v1', 'v2', 'v3', 'v4', 'v5']) await put('a', id);
  await put('b', 'w1');
  await day(3);
  expect(await runner.pass()).toBe(2);
  expect(versions()).toEqual(['a v5', 'a v4', 'a v3', 'b w1']);
});

test('what is locked stays', async () => {
  await bucketWith('Enabled', { NoncurrentVersionExpiration: { NoncurrentDays: 1 } });
  await run({ type: 'SetBucketObjectLock', bucket: BUCKET, config: {} });
  await put('a', 'held', { legalHold: true });
  await put('a', 'v2');
  await day(3);
  expect(await runner.pass()).toBe(0);
  await run({ type: 'SetObjectLegalHold', bucket: BUCKET, key: 'a', versionId: 'held', legalHold: false });
  expect(await runner.pass()).toBe(1);
});

test('uploads that were never completed are aborted', async () => {
  await bucketWith(undefined, { Filter: { Prefix: 'a' }, AbortIncompleteMultipartUpload: { DaysAfterInitiation: 1 } });
  for (const key of ['a', 'b']) {
    await run({
      type: 'CreateUpload',
      bucket: BUCKET,
      key,
      uploadId: `upload-${key}`,
      owner: '123456789012',
      initiator: '123456789012',
      storageClass: 'STANDARD',
      metadata: {},
      headers: {},
      encryption: { kind: 'AES256' },
    });
  }
  await day(2);
  expect(await runner.pass()).toBe(1);
  expect(replica.view.uploads(BUCKET, { limit: 10 }).items.map(({ key }) => key)).toEqual(['b']);
});

test('many keys over many pages, each looked at once', async () => {
  await bucketWith('Enabled', { Expiration: { Days: 1 } }, { Filter: { Prefix: 'k1' }, Expiration: { Days: 1 } });
  for (let n = 0; n < 1200; n++) await put(`k${n}`);
  await day(2);
  expect(await runner.pass()).toBe(1200);
  expect(await runner.pass()).toBe(0);
});

test('two zones that find the same expire it once', async () => {
  await bucketWith('Enabled', { Expiration: { Days: 1 } });
  for (let n = 0; n < 300; n++) await put(`k${n}`);
  await day(2);
  const other = new LifecycleRunner({
    replica,
    clock,
    random: seededRandom(2),
    logger: silentLogger,
    dayMs: DAY,
    newVersionId: () => `other-${++drawn}`,
  });
  const [one, two] = await Promise.all([runner.pass(), other.pass()]);
  expect(one + two).toBe(300);
  expect(versions()).toHaveLength(600);
});

test('a runner that was started looks by itself, in days as short as it was told', async () => {
  await bucketWith(undefined, { Expiration: { Days: 1 } });
  await put('a');
  const short = new LifecycleRunner({
    replica,
    clock: { ...clock, after: (ms, fn) => clock.after(Math.min(ms, 1), fn) },
    random: seededRandom(3),
    logger: silentLogger,
    dayMs: 50,
    newVersionId: () => `short-${++drawn}`,
  });
  short.start();
  await until('the object to be gone', () => versions().length === 0);
  await short.stop();
});

test('prefixes within others are not looked through again', () => {
  const rules = lifecycleRules({
    Rules: ['a/', 'a/b/', 'b', 'a/'].map(Prefix => ({ Status: 'Enabled' as const, Filter: { Prefix } })),
  });
  expect(prefixesOf(rules)).toEqual(['a/', 'b']);
});
