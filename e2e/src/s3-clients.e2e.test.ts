/**
 * S3 of a running region by clients that know nothing of it: `aws s3` and `aws s3api`, boto3, and the JavaScript SDK with
 * lib-storage, unchanged. What they put is compared with what they get, byte for byte; and a zone is lost on the way.
 */
import { createHash, randomBytes } from 'node:crypto';
import { mkdir, mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { get } from 'node:http';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { Readable } from 'node:stream';
import { fileURLToPath } from 'node:url';
import {
  CreateBucketCommand,
  GetObjectCommand,
  ListMultipartUploadsCommand,
  PutBucketLifecycleConfigurationCommand,
  PutBucketNotificationConfigurationCommand,
  PutObjectCommand,
  paginateListObjectsV2,
  S3Client,
} from '@aws-sdk/client-s3';
import { Upload } from '@aws-sdk/lib-storage';
import { until } from '@stormglass/testing';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { answerOf, printedBy, refusalOf } from './clients/aws-command.ts';
import { type Environment, environmentOf, runClient } from './clients/client-process.ts';
import { defects } from './region-logs.ts';
import { RegionUnderTest } from './region-under-test.ts';

/** Of lifecycle rules, in seconds. */
const DAY = 3;
const LARGE_BYTES = 12 * 1024 * 1024;

let region: RegionUnderTest;
let env: Environment;
let folder: string;
let s3: S3Client;

beforeAll(async () => {
  region = await RegionUnderTest.start(['--s3-day', `${DAY}`]);
  env = await environmentOf(region);
  folder = await mkdtemp(join(tmpdir(), 'stormglass-s3-'));
  const credentials = { accessKeyId: env.AWS_ACCESS_KEY_ID!, secretAccessKey: env.AWS_SECRET_ACCESS_KEY! };
  const endpoint = env.AWS_ENDPOINT_URL!;
  s3 = new S3Client({ endpoint, region: 'us-east-1', credentials, forcePathStyle: true });
});
afterAll(async () => {
  s3?.destroy();
  await region?.close();
  await rm(folder, { recursive: true, force: true });
});

const aws = (...args: string[]) => printedBy(env, 's3', ...args);
const sha256 = (bytes: Uint8Array) => createHash('sha256').update(bytes).digest('hex');

/** Every file below a folder, with the hash of what is in it. */
async function contentOf(root: string): Promise<Record<string, string>> {
  const entries = await readdir(root, { recursive: true, withFileTypes: true });
  const files = entries.filter(entry => entry.isFile()).map(({ parentPath, name }) => join(parentPath, name));
  return Object.fromEntries(
    await Promise.all(files.map(async file => [file.slice(root.length + 1), sha256(await readFile(file))] as const)),
  );
}

const FILES: Record<string, number> = {
  empty: 0,
  'a b/c+d.txt': 100,
  'größe/日本.txt': 20_000,
  'large.bin': LARGE_BYTES,
};

it('aws s3 syncs a folder up and down, lists, moves, links and pipes, and removes a bucket with all that is in it', async () => {
  const [up, down] = [join(folder, 'up'), join(folder, 'down')];
  for (const [name, size] of Object.entries(FILES)) {
    await mkdir(dirname(join(up, name)), { recursive: true });
    await writeFile(join(up, name), randomBytes(size));
  }
  expect(await aws('mb', 's3://synced')).toBe('make_bucket: synced\n');
  expect((await aws('sync', '--no-progress', up, 's3://synced/here')).trim().split('\n')).toHaveLength(4);
  expect(await aws('sync', '--no-progress', up, 's3://synced/here')).toBe('');
  const listed = await aws('ls', '--recursive', 's3://synced');
  expect(
    listed
      .trim()
      .split('\n')
      .map(line => line.replace(/^\S+ \S+ +/, '')),
  ).toEqual(['100 here/a b/c+d.txt', '0 here/empty', '20000 here/größe/日本.txt', `${LARGE_BYTES} here/large.bin`]);
  await aws('sync', '--no-progress', 's3://synced/here', down);
  expect(await contentOf(down)).toEqual(await contentOf(up));
  await aws('mv', '--no-progress', 's3://synced/here/large.bin', 's3://synced/moved');
  const link = (await aws('presign', 's3://synced/moved')).trim();
  const fetched = await fetch(link);
  expect([fetched.status, sha256(await fetched.bytes())]).toEqual([200, (await contentOf(up))['large.bin']]);
  const piped = `head -c 9000000 /dev/zero | aws s3 cp - s3://synced/zeros
    aws s3 cp s3://synced/zeros - | cmp -n 9000000 - /dev/zero`;
  expect(await runClient('bash', ['-eo', 'pipefail', '-c', piped], env)).toEqual({ code: 0, stdout: '', stderr: '' });
  expect(await aws('rb', '--force', 's3://synced')).toContain('remove_bucket: synced\n');
});

it('aws s3api shows objects, pages and errors as AWS does', async () => {
  const api = (...args: string[]) => answerOf<Record<string, unknown>>(env, 's3api', ...args);
  const at = ['--bucket', 'api-bucket'];
  expect(await api('create-bucket', ...at)).toMatchObject({ Location: '/api-bucket' });
  await writeFile(join(folder, 'body'), 'hello');
  const put = ['put-object', ...at, '--key', 'k', '--body', join(folder, 'body'), '--metadata', 'a=b'];
  expect(await api(...put, '--checksum-algorithm', 'SHA256')).toMatchObject({
    ETag: '"5d41402abc4b2a76b9719d911017c592"',
    ChecksumSHA256: 'LPJNul+wow4m6DsqxbninhsWHlwfp0JecwQzYpOLmCQ=',
    ServerSideEncryption: 'AES256',
  });
  const got = await api('get-object', ...at, '--key', 'k', '--range', 'bytes=1-2', join(folder, 'part'));
  expect(got).toMatchObject({ ContentRange: 'bytes 1-2/5', ContentLength: 2, Metadata: { a: 'b' } });
  expect(await readFile(join(folder, 'part'), 'utf8')).toBe('el');
  expect(await refusalOf(env, 's3api', 'get-object', ...at, '--key', 'absent', '/dev/null')).toMatch(
    /^An error occurred \(NoSuchKey\) when calling the GetObject operation/,
  );
  expect(await refusalOf(env, 's3api', 'delete-bucket', ...at)).toBe(
    'An error occurred (BucketNotEmpty) when calling the DeleteBucket operation: The bucket you tried to delete is not empty',
  );
});

it('boto3: transfers, pages, versions, conditions, links, forms and errors', async () => {
  const script = fileURLToPath(new URL('clients/s3-boto3.py', import.meta.url));
  const { code, stdout, stderr } = await runClient('python3', [script, 'boto-bucket'], env);
  expect([code, stderr]).toEqual([0, '']);
  expect(JSON.parse(stdout)).toEqual({
    etag: true,
    head: [5, 'text/plain', { from: 'boto3' }],
    range: 'ell',
    'odd keys': Array(9).fill(true),
    listed: true,
    CRC32: [true, true],
    SHA1: [true, true],
    SHA256: [true, true],
    'wrong sum': ['BadDigest', 400],
    parts: true,
    large: true,
    copied: true,
    pages: [10, 10, 5],
    folders: [['pages/00/', 'pages/01/', 'pages/02/'], true],
    'only once': ['PreconditionFailed', 412],
    'not changed': ['304', 304],
    'another one': ['PreconditionFailed', 412],
    'hidden by a marker': ['NoSuchKey', 404],
    'first version': '1',
    versions: [2, 1],
    tags: [{ Key: 'kind', Value: 'large' }],
    'put by link': 200,
    'got by link': 'by link',
    'another link': 403,
    form: [204, 'by form'],
    'form too large': 400,
    'no such key': ['NoSuchKey', 404],
    'no such bucket': ['NoSuchBucket', 404],
    'not empty': ['BucketNotEmpty', 409],
    'all deleted': true,
    gone: ['404', 404],
  });
});

describe('the JavaScript SDK', () => {
  const Bucket = 'sdk-bucket';
  beforeAll(() => s3.send(new CreateBucketCommand({ Bucket })));

  it('lib-storage uploads a stream whose length nobody knows', async () => {
    const pieces = Array.from({ length: 48 }, () => randomBytes(LARGE_BYTES / 48));
    const Body = Readable.from(pieces);
    const upload = new Upload({ client: s3, params: { Bucket, Key: 'streamed', Body }, partSize: 5 * 1024 ** 2 });
    expect((await upload.done()).ETag).toMatch(/-3"$/);
    const got = await s3.send(new GetObjectCommand({ Bucket, Key: 'streamed' }));
    expect(sha256(await got.Body!.transformToByteArray())).toBe(sha256(Buffer.concat(pieces)));
    expect((await s3.send(new ListMultipartUploadsCommand({ Bucket }))).Uploads).toBeUndefined();
  });

  it('lists in pages', async () => {
    await Promise.all(
      Array.from({ length: 25 }, (_, n) => s3.send(new PutObjectCommand({ Bucket, Key: `p/${n}`, Body: 'x' }))),
    );
    const sizes: number[] = [];
    for await (const page of paginateListObjectsV2({ client: s3, pageSize: 10 }, { Bucket, Prefix: 'p/' })) {
      sizes.push(page.KeyCount!);
    }
    expect(sizes).toEqual([10, 10, 5]);
  });
});

it('a lifecycle rule ends objects after its days, and the stream of events tells of it', async () => {
  const Bucket = 'short-lived';
  await s3.send(new CreateBucketCommand({ Bucket }));
  const NotificationConfiguration = { EventBridgeConfiguration: {} };
  await s3.send(new PutBucketNotificationConfigurationCommand({ Bucket, NotificationConfiguration }));
  const Rules = [{ Status: 'Enabled', Filter: { Prefix: 'tmp/' }, Expiration: { Days: 1 } } as const];
  await s3.send(new PutBucketLifecycleConfigurationCommand({ Bucket, LifecycleConfiguration: { Rules } }));
  let told = '';
  const stream = get(`${env.AWS_ENDPOINT_URL}/_stormglass/s3/events?bucket=${Bucket}`, response =>
    response.setEncoding('utf8').on('data', text => {
      told += text;
    }),
  ).on('error', () => {});
  await until('the stream', () => told !== '');
  for (const Key of ['tmp/a', 'kept']) await s3.send(new PutObjectCommand({ Bucket, Key, Body: Key }));
  await until('the end of the object', () => told.includes('"Object Deleted"'));
  stream.destroy();
  const events = told.match(/(?<=^data: ).*$/gm)!.map(text => JSON.parse(text));
  expect(events.map(event => [event['detail-type'], event.detail.object.key, event.detail.reason])).toEqual([
    ['Object Created', 'tmp/a', 'PutObject'],
    ['Object Created', 'kept', 'PutObject'],
    ['Object Deleted', 'tmp/a', 'Lifecycle Expiration'],
  ]);
});

it('goes on while a zone is off, which has everything again when it is back', async () => {
  const Bucket = 'lossy';
  await s3.send(new CreateBucketCommand({ Bucket }));
  const body = randomBytes(1024 * 1024);
  const got = async (Key: string) =>
    sha256(await (await s3.send(new GetObjectCommand({ Bucket, Key }))).Body!.transformToByteArray());
  await s3.send(new PutObjectCommand({ Bucket, Key: 'before', Body: body }));
  const [lost] = (await region.world.status()).zones;
  await region.world.disableZone(lost!.id, 'power-off');
  await s3.send(new PutObjectCommand({ Bucket, Key: 'while', Body: body }));
  expect([await got('before'), await got('while')]).toEqual([sha256(body), sha256(body)]);
  await region.world.enableZone(lost!.id);
  await region.world.wait(30_000);
  const { zones } = await region.world.status();
  await until('all copies to be whole', async () => {
    const texts = (await region.world.doctor()).findings.map(({ text }) => text).filter(text => /^objects/.test(text));
    if (texts.length === 1 && zones.every(({ id }) => texts[0]!.includes(id))) return true;
    throw new Error(texts.join('; '));
  });
});

it('nothing of this surprised the region', () => {
  expect(defects(region.folder)).toEqual([]);
});
