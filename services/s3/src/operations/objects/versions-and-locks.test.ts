/** Objects that are locked from the beginning, repeated calls, and objects of buckets that live in one zone. */
import {
  CompleteMultipartUploadCommand,
  CreateMultipartUploadCommand,
  DeleteObjectCommand,
  DeleteObjectsCommand,
  GetObjectCommand,
  HeadObjectCommand,
  PutBucketVersioningCommand,
  PutObjectCommand,
  UploadPartCommand,
} from '@aws-sdk/client-s3';
import { signRequest } from '@stormglass/testing';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { ACCOUNT, REGION, refusal, type S3Host, startS3Host } from '../../testing/s3-host.ts';

let host: S3Host;
beforeAll(async () => {
  host = await startS3Host();
});
afterAll(() => host.close());

const DAY_MS = 24 * 60 * 60 * 1000;
const tomorrow = () => new Date(Date.now() + DAY_MS);

describe('a locked object', () => {
  let Bucket: string;
  beforeAll(async () => {
    Bucket = await host.bucket({ ObjectLockEnabledForBucket: true });
  });
  const put = (Key: string, more: object) =>
    host.root.send(new PutObjectCommand({ Bucket, Key, Body: 'hello', ...more }));

  it('cannot be deleted, but may be hidden', async () => {
    const lock = { ObjectLockMode: 'COMPLIANCE', ObjectLockRetainUntilDate: tomorrow() } as const;
    const { VersionId } = await put('locked', lock);
    const remove = { Bucket, Key: 'locked', VersionId };
    await expect(host.root.send(new DeleteObjectCommand(remove))).rejects.toMatchObject(refusal('AccessDenied', 403));
    const many = { Bucket, Delete: { Objects: [{ Key: 'locked', VersionId }] }, BypassGovernanceRetention: true };
    expect((await host.root.send(new DeleteObjectsCommand(many))).Errors).toMatchObject([{ Code: 'AccessDenied' }]);
    expect(await host.root.send(new HeadObjectCommand(remove))).toMatchObject({ ObjectLockMode: 'COMPLIANCE' });
    expect((await host.root.send(new DeleteObjectCommand({ Bucket, Key: 'locked' }))).DeleteMarker).toBe(true);
  });

  it('in mode GOVERNANCE is deleted by who may do that', async () => {
    const lock = { ObjectLockMode: 'GOVERNANCE', ObjectLockRetainUntilDate: tomorrow() } as const;
    const { VersionId } = await put('governed', lock);
    const remove = { Bucket, Key: 'governed', VersionId };
    await expect(host.root.send(new DeleteObjectCommand(remove))).rejects.toMatchObject(refusal('AccessDenied', 403));
    const bypass = new DeleteObjectCommand({ ...remove, BypassGovernanceRetention: true });
    const user = await host.user('plain', [
      { Effect: 'Allow', Action: ['s3:DeleteObject', 's3:DeleteObjectVersion'], Resource: '*' },
    ]);
    await expect(user.send(bypass)).rejects.toMatchObject(refusal('AccessDenied', 403));
    await host.root.send(bypass);
  });

  it('may be held', async () => {
    const { VersionId } = await put('held', { ObjectLockLegalHoldStatus: 'ON' });
    await expect(
      host.root.send(new DeleteObjectCommand({ Bucket, Key: 'held', VersionId, BypassGovernanceRetention: true })),
    ).rejects.toMatchObject(refusal('AccessDenied', 403));
  });

  it.each<[object, string]>([
    [{ ObjectLockMode: 'GOVERNANCE' }, 'must both be supplied'],
    [{ ObjectLockMode: 'GOVERNANCE', ObjectLockRetainUntilDate: new Date(0) }, 'must be in the future'],
    [{ ObjectLockMode: 'FOREVER', ObjectLockRetainUntilDate: new Date(4e12) }, 'Unknown wormMode directive.'],
    [{ ObjectLockLegalHoldStatus: 'MAYBE' }, 'Legal Hold must be either of'],
  ])('is not locked by %j', (lock, message) =>
    expect(put('wrong', lock)).rejects.toMatchObject(refusal('InvalidArgument', 400, expect.stringContaining(message))),
  );

  it('needs a bucket that locks', async () => {
    const other = await host.bucket();
    const locked = { Bucket: other, Key: 'x', Body: 'y', ObjectLockLegalHoldStatus: 'ON' } as const;
    await expect(host.root.send(new PutObjectCommand(locked))).rejects.toMatchObject(refusal('InvalidRequest', 400));
  });
});

describe('a call that is repeated', () => {
  it('makes one version', async () => {
    const Bucket = await host.bucket();
    const VersioningConfiguration = { Status: 'Enabled' } as const;
    await host.root.send(new PutBucketVersioningCommand({ Bucket, VersioningConfiguration }));
    const signer = { accessKeyId: ACCOUNT, secretAccessKey: 'test', region: REGION, service: 's3' };
    const body = 'x'.repeat(50_000);
    const send = async (invocation: string) => {
      const request = { method: 'PUT', path: `/${Bucket}/again`, body: Buffer.from(body) };
      const { headers } = signRequest(signer, request, {
        nowMs: Date.now(),
        host: new URL(host.endpoint).host,
        headers: { 'amz-sdk-invocation-id': invocation },
      });
      const { host: _, ...sent } = headers;
      const answer = await host.fetch(request.path, { method: 'PUT', body, headers: sent });
      return answer.headers.get('x-amz-version-id');
    };
    const first = await send('one');
    expect(first).not.toBeNull();
    expect(await send('one')).toBe(first);
    expect(await send('two')).not.toBe(first);
    expect(host.view.usage(Bucket).versions).toBe(2);
    const answer = await host.root.send(new GetObjectCommand({ Bucket, Key: 'again', VersionId: first! }));
    expect(await answer.Body!.transformToString()).toBe(body);
  });
});

describe('an object of a bucket in one zone', () => {
  const Bucket = 'fast--use1-az1--x-s3';
  beforeAll(async () => {
    await host.deps.index.execute(
      { type: 'CreateBucket', bucket: Bucket, account: ACCOUNT, region: REGION, zone: 'use1-az1' },
      { deadline: host.deps.clock.monotonic() + 1000 },
    );
  });
  // As a client that knows nothing of sessions.
  const plain = { Bucket, Key: 'a' };

  it('has its bytes on the disk of its zone alone, however few', async () => {
    const client = host.client(ACCOUNT);
    client.config.disableS3ExpressSessionAuth = async () => true;
    await client.send(new PutObjectCommand({ ...plain, Body: 'hello' }));
    const latest = host.view.latest(Bucket, 'a');
    const [piece] = latest?.isMarker === false ? host.view.pieces(latest) : [];
    expect(piece?.inline).toBeUndefined();
    expect(host.view.blob(piece!.blob!.id)?.zone).toBe('use1-az1');
    const answer = await client.send(new GetObjectCommand(plain));
    expect(answer.StorageClass).toBe('EXPRESS_ONEZONE');
    expect(await answer.Body!.transformToString()).toBe('hello');
  });

  it('may be uploaded in parts', async () => {
    const client = host.client(ACCOUNT);
    client.config.disableS3ExpressSessionAuth = async () => true;
    const at = { Bucket, Key: 'parts' };
    const { UploadId } = await client.send(new CreateMultipartUploadCommand(at));
    const { ETag, ChecksumCRC32 } = await client.send(
      new UploadPartCommand({ ...at, UploadId, PartNumber: 1, Body: 'part' }),
    );
    const MultipartUpload = { Parts: [{ PartNumber: 1, ETag, ChecksumCRC32 }] };
    await client.send(new CompleteMultipartUploadCommand({ ...at, UploadId, MultipartUpload }));
    const answer = await client.send(new GetObjectCommand(at));
    expect(await answer.Body!.transformToString()).toBe('part');
  });
});
