/** Objects as the official client puts and reads them. */
import { createHash, randomBytes } from 'node:crypto';
import { Readable } from 'node:stream';
import {
  CreateBucketCommand,
  DeleteObjectCommand,
  GetObjectCommand,
  HeadObjectCommand,
  PutBucketVersioningCommand,
  PutObjectCommand,
} from '@aws-sdk/client-s3';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { refusal, type S3Host, startS3Host } from '../../testing/s3-host.ts';

let host: S3Host;
let Bucket: string;
beforeAll(async () => {
  host = await startS3Host();
  Bucket = await host.bucket();
});
afterAll(() => host.close());

const put = (Key: string, Body: string | Uint8Array | Readable, more: object = {}) =>
  host.root.send(new PutObjectCommand({ Bucket, Key, Body, ...more }));
/** With the bytes, which a client has to take. */
async function get(Key: string, more: object = {}) {
  const answer = await host.root.send(new GetObjectCommand({ Bucket, Key, ...more }));
  return { ...answer, bytes: Buffer.from(await answer.Body!.transformToByteArray()) };
}
const head = (Key: string, more: object = {}) => host.root.send(new HeadObjectCommand({ Bucket, Key, ...more }));
const md5 = (bytes: Uint8Array | string) => createHash('md5').update(bytes).digest('hex');

describe('bodies', () => {
  it.each([0, 1, 1000, 16 * 1024, 16 * 1024 + 1, 200_000, 3_000_000])(
    'of %i bytes come back as they were',
    async size => {
      const body = randomBytes(size);
      const stored = await put(`size-${size}`, body);
      expect(stored.ETag).toBe(`"${md5(body)}"`);
      expect(stored.ServerSideEncryption).toBe('AES256');
      const answer = await get(`size-${size}`);
      expect(answer.ContentLength).toBe(size);
      expect(answer.ETag).toBe(stored.ETag);
      expect(answer.bytes.equals(body)).toBe(true);
      expect((await head(`size-${size}`)).ContentLength).toBe(size);
    },
  );

  it('may be streams that are sent in chunks', async () => {
    const body = randomBytes(700_000);
    const parts = [body.subarray(0, 100_000), body.subarray(100_000, 500_001), body.subarray(500_001)];
    await put('stream', Readable.from(parts), { ContentLength: body.length });
    const answer = await get('stream', { ChecksumMode: 'ENABLED' });
    expect(answer.bytes.equals(body)).toBe(true);
    expect(answer.ChecksumCRC32).toBeDefined();
  });

  it.each(['a/../b', '//', 'ünïcode 雪.txt', 'per%2Fcent', 'plus+and space', 'q?x=y&z', 'k'.repeat(1024)])(
    'are found under odd keys: %s',
    async key => {
      await put(key, key);
      expect((await get(key)).bytes.toString()).toBe(key);
    },
  );

  it('are refused under longer keys', () =>
    expect(put('k'.repeat(1025), 'x')).rejects.toMatchObject(refusal('KeyTooLongError', 400, 'Your key is too long')));
});

describe('what is kept beside the bytes', () => {
  it('comes back with them', async () => {
    const settings = {
      ContentType: 'text/plain',
      CacheControl: 'max-age=5',
      ContentDisposition: 'attachment',
      ContentLanguage: 'de',
      Metadata: { color: 'blue', 'with-dash': 'and spaces' },
      StorageClass: 'STANDARD_IA' as const,
      Tagging: 'a=1&b=2',
    };
    await put('settings', 'x', settings);
    for (const answer of [await get('settings'), await head('settings')]) {
      const { Tagging: _, ...kept } = settings;
      expect(answer).toMatchObject({ ...kept, AcceptRanges: 'bytes' });
      expect(answer.LastModified!.getTime()).toBeGreaterThan(0);
    }
    expect((await get('settings')).TagCount).toBe(2);
  });

  it('may be named otherwise for one answer', async () => {
    await put('other-name', 'x', { ContentType: 'text/plain' });
    const answer = await get('other-name', { ResponseContentType: 'text/html', ResponseContentDisposition: 'inline' });
    expect(answer).toMatchObject({ ContentType: 'text/html', ContentDisposition: 'inline' });
  });

  it('has limits', async () => {
    await expect(put('meta', 'x', { Metadata: { a: 'x'.repeat(2048) } })).rejects.toMatchObject(
      refusal('MetadataTooLarge', 400),
    );
    await expect(put('class', 'x', { StorageClass: 'COLD' })).rejects.toMatchObject(
      refusal('InvalidStorageClass', 400),
    );
  });
});

describe('ranges', () => {
  const body = randomBytes(200_000);
  beforeAll(() => put('ranges', body));

  it.each<[string, number, number]>([
    ['bytes=0-9', 0, 10],
    ['bytes=65530-65545', 65530, 65546],
    ['bytes=199990-', 199990, 200000],
    ['bytes=-5', 199995, 200000],
  ])('%s', async (Range, from, to) => {
    const answer = await get('ranges', { Range });
    expect(answer.$metadata.httpStatusCode).toBe(206);
    expect(answer.ContentRange).toBe(`bytes ${from}-${to - 1}/200000`);
    expect(answer.bytes.equals(body.subarray(from, to))).toBe(true);
    expect(await head('ranges', { Range })).toMatchObject({ ContentLength: to - from });
  });

  it('are the whole when there are several', async () => {
    const answer = await get('ranges', { Range: 'bytes=0-1,5-6' });
    expect(answer.$metadata.httpStatusCode).toBe(200);
    expect(answer.ContentLength).toBe(200_000);
  });

  it('outside of it are refused', async () => {
    await expect(get('ranges', { Range: 'bytes=200000-' })).rejects.toMatchObject(
      refusal('InvalidRange', 416, 'The requested range is not satisfiable'),
    );
  });

  it('of small objects as well', async () => {
    await put('small', 'hello world');
    expect((await get('small', { Range: 'bytes=6-' })).bytes.toString()).toBe('world');
  });
});

describe('conditions', () => {
  it('of reads', async () => {
    const { ETag } = await put('conditions', 'x');
    await expect(get('conditions', { IfMatch: '"other"' })).rejects.toMatchObject(refusal('PreconditionFailed', 412));
    await expect(get('conditions', { IfNoneMatch: ETag })).rejects.toMatchObject({
      $metadata: { httpStatusCode: 304 },
    });
    await expect(head('conditions', { IfNoneMatch: ETag })).rejects.toMatchObject({
      $metadata: { httpStatusCode: 304 },
    });
    expect((await get('conditions', { IfMatch: ETag })).ContentLength).toBe(1);
  });

  it('of writes', async () => {
    const { ETag } = await put('once', 'x', { IfNoneMatch: '*' });
    await expect(put('once', 'y', { IfNoneMatch: '*' })).rejects.toMatchObject(refusal('PreconditionFailed', 412));
    await expect(put('once', 'y', { IfMatch: '"other"' })).rejects.toMatchObject(refusal('PreconditionFailed', 412));
    await put('once', 'z', { IfMatch: ETag });
    expect((await get('once')).bytes.toString()).toBe('z');
    await expect(put('never', 'x', { IfMatch: ETag })).rejects.toMatchObject(refusal('NoSuchKey', 404));
    await expect(put('once', 'y', { IfNoneMatch: '"a"' })).rejects.toMatchObject(refusal('NotImplemented', 501));
  });

  it('are decided once, however many ask at the same time', async () => {
    const racers = Array.from({ length: 12 }, (_, n) => put('race', 'x'.repeat(20_000) + n, { IfNoneMatch: '*' }));
    const outcomes = await Promise.allSettled(racers);
    const won = outcomes.flatMap((outcome, n) => (outcome.status === 'fulfilled' ? [n] : []));
    expect(won).toHaveLength(1);
    for (const outcome of outcomes)
      if (outcome.status === 'rejected') expect(outcome.reason).toMatchObject(refusal('PreconditionFailed', 412));
    expect((await get('race')).bytes.toString()).toBe('x'.repeat(20_000) + won[0]);
  });

  it('leave no bytes behind when they do not hold', async () => {
    await put('large', randomBytes(100_000));
    const before = await Array.fromAsync(host.files.list());
    await expect(put('large', randomBytes(100_001), { IfNoneMatch: '*' })).rejects.toThrow();
    await expect.poll(async () => (await Array.fromAsync(host.files.list())).length).toBe(before.length);
  });
});

describe('checksums', () => {
  it.each(['CRC32', 'CRC32C', 'CRC64NVME', 'SHA1', 'SHA256'] as const)('%s', async ChecksumAlgorithm => {
    const stored = await put(ChecksumAlgorithm, 'hello', { ChecksumAlgorithm });
    const member = `Checksum${ChecksumAlgorithm}` as const;
    expect(stored[member]).toMatch(/=$/);
    expect(stored.ChecksumType).toBe('FULL_OBJECT');
    const answer = await get(ChecksumAlgorithm, { ChecksumMode: 'ENABLED' });
    expect(answer[member]).toBe(stored[member]);
    expect(answer.bytes.toString()).toBe('hello');
  });

  it('that do not fit are refused, and the object is as before', async () => {
    await put('digest', 'before');
    await expect(put('digest', 'x', { ChecksumSHA256: Buffer.alloc(32).toString('base64') })).rejects.toMatchObject(
      refusal('BadDigest', 400, 'The SHA256 you specified did not match the calculated checksum.'),
    );
    await expect(put('digest', 'x', { ContentMD5: Buffer.alloc(16).toString('base64') })).rejects.toMatchObject(
      refusal('BadDigest', 400, 'The Content-MD5 you specified did not match what we received.'),
    );
    expect((await get('digest')).bytes.toString()).toBe('before');
  });
});

describe('keys of customers', () => {
  const key = randomBytes(32);
  const customer = {
    SSECustomerAlgorithm: 'AES256',
    SSECustomerKey: key.toString('base64'),
    SSECustomerKeyMD5: createHash('md5').update(key).digest('base64'),
  };

  it.each([100, 100_000])('encrypt %i bytes', async size => {
    const body = randomBytes(size);
    const stored = await put('secret', body, customer);
    expect(stored.SSECustomerKeyMD5).toBe(customer.SSECustomerKeyMD5);
    expect((await get('secret', customer)).bytes.equals(body)).toBe(true);
    await expect(get('secret')).rejects.toMatchObject(refusal('InvalidRequest', 400));
    const wrong = randomBytes(32);
    const other = {
      ...customer,
      SSECustomerKey: wrong.toString('base64'),
      SSECustomerKeyMD5: createHash('md5').update(wrong).digest('base64'),
    };
    await expect(get('secret', other)).rejects.toMatchObject(refusal('AccessDenied', 403));
  });

  it('of KMS are refused', () =>
    expect(put('kms', 'x', { ServerSideEncryption: 'aws:kms' })).rejects.toMatchObject(refusal('NotImplemented', 501)));
});

describe('what is not there', () => {
  it('is a missing key to who may list, and forbidden to others', async () => {
    await expect(get('nothing')).rejects.toMatchObject(refusal('NoSuchKey', 404, 'The specified key does not exist.'));
    await expect(head('nothing')).rejects.toMatchObject(refusal('NotFound', 404));
    const reader = await host.user('reader', [
      { Effect: 'Allow', Action: 's3:GetObject', Resource: `arn:aws:s3:::${Bucket}/*` },
    ]);
    await expect(reader.send(new GetObjectCommand({ Bucket, Key: 'nothing' }))).rejects.toMatchObject(
      refusal('AccessDenied', 403),
    );
  });

  it('is a missing bucket where there is none', async () => {
    await expect(host.root.send(new GetObjectCommand({ Bucket: 'no-such-bucket', Key: 'x' }))).rejects.toMatchObject(
      refusal('NoSuchBucket', 404, 'The specified bucket does not exist'),
    );
    await expect(
      host.root.send(new PutObjectCommand({ Bucket: 'no-such-bucket', Key: 'x', Body: 'y' })),
    ).rejects.toMatchObject(refusal('NoSuchBucket', 404));
  });
});

describe('versions', () => {
  it('stay behind each other and behind markers', async () => {
    const versioned = 'versioned';
    await host.root.send(new CreateBucketCommand({ Bucket: versioned }));
    await host.root.send(
      new PutBucketVersioningCommand({ Bucket: versioned, VersioningConfiguration: { Status: 'Enabled' } }),
    );
    const at = { Bucket: versioned, Key: 'a' };
    const first = await host.root.send(new PutObjectCommand({ ...at, Body: 'one' }));
    const second = await host.root.send(new PutObjectCommand({ ...at, Body: 'two' }));
    expect(first.VersionId).toMatch(/^[A-Za-z0-9._]{32}$/);
    expect((await get('a', { ...at, VersionId: first.VersionId })).bytes.toString()).toBe('one');
    const deleted = await host.root.send(new DeleteObjectCommand(at));
    expect(deleted).toMatchObject({ DeleteMarker: true });
    await expect(host.root.send(new GetObjectCommand(at))).rejects.toMatchObject(refusal('NoSuchKey', 404));
    await expect(host.root.send(new GetObjectCommand({ ...at, VersionId: deleted.VersionId }))).rejects.toMatchObject(
      refusal('MethodNotAllowed', 405),
    );
    const unmarked = await host.root.send(new DeleteObjectCommand({ ...at, VersionId: deleted.VersionId }));
    expect(unmarked).toMatchObject({ DeleteMarker: true, VersionId: deleted.VersionId });
    const answer = await get('a', at);
    expect(answer.VersionId).toBe(second.VersionId);
    expect(answer.bytes.toString()).toBe('two');
    await expect(host.root.send(new GetObjectCommand({ ...at, VersionId: 'x'.repeat(32) }))).rejects.toMatchObject(
      refusal('NoSuchVersion', 404),
    );
  });
});
