/** Deletions, one and many, as the official client asks for them. */
import {
  DeleteObjectCommand,
  DeleteObjectsCommand,
  GetObjectCommand,
  HeadObjectCommand,
  PutBucketVersioningCommand,
  PutObjectCommand,
} from '@aws-sdk/client-s3';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { refusal, type S3Host, startS3Host } from '../../testing/s3-host.ts';

let host: S3Host;
let Bucket: string;
beforeAll(async () => {
  host = await startS3Host();
  Bucket = await host.bucket();
});
afterAll(() => host.close());

const put = (Key: string, more: object = {}) =>
  host.root.send(new PutObjectCommand({ Bucket, Key, Body: 'x'.repeat(100), ...more }));
const isThere = (Key: string) =>
  host.root.send(new HeadObjectCommand({ Bucket, Key })).then(
    () => true,
    () => false,
  );

it('deletes what is there, and what is not', async () => {
  await put('one');
  expect((await host.root.send(new DeleteObjectCommand({ Bucket, Key: 'one' }))).$metadata.httpStatusCode).toBe(204);
  await expect(host.root.send(new GetObjectCommand({ Bucket, Key: 'one' }))).rejects.toMatchObject(
    refusal('NoSuchKey', 404),
  );
  await host.root.send(new DeleteObjectCommand({ Bucket, Key: 'one' }));
});

it('deletes only what is expected', async () => {
  await put('expected');
  await expect(
    host.root.send(new DeleteObjectCommand({ Bucket, Key: 'expected', IfMatch: '"other"' })),
  ).rejects.toMatchObject(refusal('PreconditionFailed', 412));
  expect(await isThere('expected')).toBe(true);
});

it('deletes many at once', async () => {
  const keys = ['a', 'b/c', 'd & e', 'ünïcode'];
  for (const key of keys) await put(key);
  const Objects = [...keys, 'missing'].map(Key => ({ Key }));
  const { Deleted, Errors = [] } = await host.root.send(new DeleteObjectsCommand({ Bucket, Delete: { Objects } }));
  expect(Deleted!.map(({ Key }) => Key)).toEqual([...keys, 'missing']);
  expect(Errors).toEqual([]);
  for (const key of keys) expect(await isThere(key)).toBe(false);
  const quiet = await host.root.send(new DeleteObjectsCommand({ Bucket, Delete: { Objects, Quiet: true } }));
  expect(quiet.Deleted ?? []).toEqual([]);
});

it('deletes as many as there may be, with the longest keys there are', async () => {
  // More than one command carries.
  const Objects = Array.from({ length: 1000 }, (_, n) => ({ Key: `${n}/`.padEnd(1024, 'x') }));
  const last = Objects.at(-1)!.Key;
  await put(last);
  const { Deleted } = await host.root.send(new DeleteObjectsCommand({ Bucket, Delete: { Objects } }));
  expect(Deleted!.map(({ Key }) => Key)).toEqual(Objects.map(({ Key }) => Key));
  expect(await isThere(last)).toBe(false);
});

it('tells of each that may not be deleted', async () => {
  for (const key of ['mine/a', 'theirs/b']) await put(key);
  const user = await host.user('cleaner', [
    { Effect: 'Allow', Action: 's3:DeleteObject', Resource: `arn:aws:s3:::${Bucket}/mine/*` },
  ]);
  const Objects = [{ Key: 'mine/a' }, { Key: 'theirs/b' }];
  const { Deleted, Errors } = await user.send(new DeleteObjectsCommand({ Bucket, Delete: { Objects } }));
  expect(Deleted).toEqual([{ Key: 'mine/a' }]);
  expect(Errors).toMatchObject([{ Key: 'theirs/b', Code: 'AccessDenied' }]);
  expect(await isThere('theirs/b')).toBe(true);
});

it('takes at most a thousand keys, and no list without keys', async () => {
  const Objects = Array.from({ length: 1001 }, (_, n) => ({ Key: `k${n}` }));
  for (const given of [Objects, []])
    await expect(
      host.root.send(new DeleteObjectsCommand({ Bucket, Delete: { Objects: given } })),
    ).rejects.toMatchObject(refusal('MalformedXML', 400));
});

it('marks in a bucket with versions', async () => {
  const versioned = await host.bucket();
  const VersioningConfiguration = { Status: 'Enabled' } as const;
  await host.root.send(new PutBucketVersioningCommand({ Bucket: versioned, VersioningConfiguration }));
  const { VersionId } = await put('v', { Bucket: versioned });
  const remove = (Objects: { Key: string; VersionId?: string }[]) =>
    host.root.send(new DeleteObjectsCommand({ Bucket: versioned, Delete: { Objects } }));
  const [marked] = (await remove([{ Key: 'v' }])).Deleted!;
  expect(marked).toMatchObject({ Key: 'v', DeleteMarker: true, DeleteMarkerVersionId: expect.any(String) });
  expect((await remove([{ Key: 'v', VersionId: VersionId! }])).Deleted).toEqual([{ Key: 'v', VersionId }]);
});
