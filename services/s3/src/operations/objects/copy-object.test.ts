/** Copies as the official client asks for them. */
import { createHash, randomBytes } from 'node:crypto';
import {
  CopyObjectCommand,
  GetObjectCommand,
  GetObjectTaggingCommand,
  PutBucketVersioningCommand,
  PutObjectCommand,
} from '@aws-sdk/client-s3';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { refusal, type S3Host, startS3Host } from '../../testing/s3-host.ts';

let host: S3Host;
let Bucket: string;
let other: string;
beforeAll(async () => {
  host = await startS3Host();
  Bucket = await host.bucket();
  other = await host.bucket();
});
afterAll(() => host.close());

const put = (Key: string, Body: string | Uint8Array, more: object = {}) =>
  host.root.send(new PutObjectCommand({ Bucket, Key, Body, ...more }));
const copy = (from: string, Key: string, more: object = {}) =>
  host.root.send(new CopyObjectCommand({ Bucket, Key, CopySource: encodeURI(`${Bucket}/${from}`), ...more }));
async function get(Key: string, more: object = {}) {
  const answer = await host.root.send(new GetObjectCommand({ Bucket, Key, ...more }));
  return { ...answer, bytes: Buffer.from(await answer.Body!.transformToByteArray()) };
}

describe('a copy', () => {
  const body = randomBytes(100_000);
  const settings = { ContentType: 'text/plain', Metadata: { a: 'b' }, Tagging: 'c=d' };
  beforeAll(() => put('source ü', body, settings));

  it('has what its source has, and its bytes without writing them', async () => {
    const before = (await Array.fromAsync(host.files.list())).length;
    const answer = await copy('source ü', 'copy', { Bucket: other });
    expect(answer.CopyObjectResult).toMatchObject({ ETag: expect.any(String), LastModified: expect.any(Date) });
    const read = await get('copy', { Bucket: other });
    expect(read.bytes.equals(body)).toBe(true);
    expect(read).toMatchObject({ ContentType: 'text/plain', Metadata: { a: 'b' }, TagCount: 1 });
    expect(read.ETag).toBe(answer.CopyObjectResult!.ETag);
    expect((await Array.fromAsync(host.files.list())).length).toBe(before);
  });

  it('has what it is given instead', async () => {
    await copy('source ü', 'given', {
      MetadataDirective: 'REPLACE',
      TaggingDirective: 'REPLACE',
      ContentType: 'text/html',
      Metadata: { e: 'f' },
      Tagging: 'g=h',
    });
    expect(await get('given')).toMatchObject({ ContentType: 'text/html', Metadata: { e: 'f' } });
    const { TagSet } = await host.root.send(new GetObjectTaggingCommand({ Bucket, Key: 'given' }));
    expect(TagSet).toEqual([{ Key: 'g', Value: 'h' }]);
  });

  it('takes another checksum', async () => {
    const answer = await copy('source ü', 'summed', { ChecksumAlgorithm: 'SHA256' });
    expect(answer.CopyObjectResult!.ChecksumSHA256).toBe(createHash('sha256').update(body).digest('base64'));
    expect((await get('summed', { ChecksumMode: 'ENABLED' })).bytes.equals(body)).toBe(true);
  });

  it('takes another key', async () => {
    const key = randomBytes(32);
    const md5 = createHash('md5').update(key).digest('base64');
    const customer = { SSECustomerAlgorithm: 'AES256', SSECustomerKey: key.toString('base64'), SSECustomerKeyMD5: md5 };
    await copy('source ü', 'secret', customer);
    expect((await get('secret', customer)).bytes.equals(body)).toBe(true);
    const source = {
      CopySourceSSECustomerAlgorithm: 'AES256',
      CopySourceSSECustomerKey: customer.SSECustomerKey,
      CopySourceSSECustomerKeyMD5: md5,
    };
    await expect(copy('secret', 'open')).rejects.toMatchObject(refusal('InvalidRequest', 400));
    await copy('secret', 'open', source);
    expect((await get('open')).bytes.equals(body)).toBe(true);
    await copy('secret', 'shared', { ...source, ...customer });
    expect((await get('shared', customer)).bytes.equals(body)).toBe(true);
  });

  it('to itself must change something', async () => {
    await expect(copy('source ü', 'source ü')).rejects.toMatchObject(
      refusal('InvalidRequest', 400, expect.stringContaining('This copy request is illegal because')),
    );
    await copy('source ü', 'source ü', { MetadataDirective: 'REPLACE', Metadata: { new: 'one' } });
    const read = await get('source ü');
    expect(read.bytes.equals(body)).toBe(true);
    expect(read.Metadata).toEqual({ new: 'one' });
  });
});

describe('a source', () => {
  it('must be as expected', async () => {
    const { ETag } = await put('expected', 'x');
    await expect(copy('expected', 'y', { CopySourceIfMatch: '"other"' })).rejects.toMatchObject(
      refusal('PreconditionFailed', 412),
    );
    await expect(copy('expected', 'y', { CopySourceIfNoneMatch: ETag })).rejects.toMatchObject(
      refusal('PreconditionFailed', 412),
    );
    await copy('expected', 'y', { CopySourceIfMatch: ETag });
    await expect(copy('expected', 'y', { IfNoneMatch: '*' })).rejects.toMatchObject(refusal('PreconditionFailed', 412));
  });

  it('must be there', async () => {
    await expect(copy('missing', 'y')).rejects.toMatchObject(refusal('NoSuchKey', 404));
    await expect(copy('', 'y', { CopySource: 'nothing' })).rejects.toMatchObject(refusal('InvalidArgument', 400));
  });

  it('must be readable', async () => {
    await put('private', 'x');
    const writer = await host.user('writer', [
      { Effect: 'Allow', Action: ['s3:PutObject', 's3:ListBucket'], Resource: '*' },
    ]);
    const command = new CopyObjectCommand({ Bucket, Key: 'stolen', CopySource: `${Bucket}/private` });
    await expect(writer.send(command)).rejects.toMatchObject(refusal('AccessDenied', 403));
  });

  it('may be a version', async () => {
    const status = { Status: 'Enabled' } as const;
    await host.root.send(new PutBucketVersioningCommand({ Bucket: other, VersioningConfiguration: status }));
    const first = await put('v', 'one', { Bucket: other });
    await put('v', 'two', { Bucket: other });
    const CopySource = `${other}/v?versionId=${first.VersionId}`;
    expect((await copy('', 'old', { CopySource })).CopySourceVersionId).toBe(first.VersionId);
    expect((await get('old')).bytes.toString()).toBe('one');
  });
});
