/** Lists of uploads in progress, and of their parts. */
import {
  CreateMultipartUploadCommand,
  ListMultipartUploadsCommand,
  type ListMultipartUploadsCommandInput,
  ListPartsCommand,
  type ListPartsCommandInput,
  PutBucketLifecycleConfigurationCommand,
  UploadPartCommand,
} from '@aws-sdk/client-s3';
import { canonicalUserId } from '@stormglass/identity';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { ACCOUNT, refusal, type S3Host, startS3Host } from '../../testing/s3-host.ts';

let host: S3Host;
let Bucket: string;
const uploads: { Key: string; UploadId: string }[] = [];

beforeAll(async () => {
  host = await startS3Host();
  Bucket = await host.bucket();
  for (const Key of ['a', 'a', 'b/1', 'b/2', 'c']) {
    const made = await host.root.send(
      new CreateMultipartUploadCommand({ Bucket, Key, ChecksumAlgorithm: 'CRC32', ChecksumType: 'FULL_OBJECT' }),
    );
    uploads.push({ Key, UploadId: made.UploadId! });
  }
  for (const PartNumber of [1, 2, 5]) {
    const part = { Bucket, ...uploads[0]!, PartNumber, Body: 'part', ChecksumAlgorithm: 'CRC32' } as const;
    await host.root.send(new UploadPartCommand(part));
  }
});
afterAll(() => host?.close());

const list = (input: Partial<ListMultipartUploadsCommandInput> = {}) =>
  host.root.send(new ListMultipartUploadsCommand({ Bucket, ...input }));
const listParts = (input: Partial<ListPartsCommandInput> = {}) =>
  host.root.send(new ListPartsCommand({ Bucket, ...uploads[0]!, ...input }));

test('uploads by key, and those of a key in the order of their begin', async () => {
  const page = await list();
  expect(page.Uploads!.map(({ Key }) => Key)).toEqual(['a', 'a', 'b/1', 'b/2', 'c']);
  expect(new Set(page.Uploads!.map(({ UploadId }) => UploadId))).toEqual(new Set(uploads.map(each => each.UploadId)));
  expect(page).toMatchObject({ Bucket, Prefix: '', KeyMarker: '', UploadIdMarker: '', IsTruncated: false });
  expect(page.Uploads![0]).toMatchObject({
    Initiated: expect.any(Date),
    StorageClass: 'STANDARD',
    Owner: { ID: canonicalUserId(ACCOUNT) },
    ChecksumAlgorithm: 'CRC32',
    ChecksumType: 'FULL_OBJECT',
  });
});

test('pages go on within a key; prefixes are rolled up', async () => {
  const seen: (string | undefined)[] = [];
  let at: Partial<ListMultipartUploadsCommandInput> = {};
  for (;;) {
    const page = await list({ MaxUploads: 1, ...at });
    seen.push(...(page.Uploads ?? []).map(({ UploadId }) => UploadId));
    if (!page.IsTruncated) break;
    at = { KeyMarker: page.NextKeyMarker, UploadIdMarker: page.NextUploadIdMarker };
  }
  expect(new Set(seen)).toEqual(new Set(uploads.map(each => each.UploadId)));
  expect(seen).toHaveLength(5);
  const rolled = await list({ Delimiter: '/', KeyMarker: 'a' });
  expect([rolled.Uploads!.map(({ Key }) => Key), rolled.CommonPrefixes]).toEqual([['c'], [{ Prefix: 'b/' }]]);
});

test('parts by number, so many at once', async () => {
  const page = await listParts({ MaxParts: 2 });
  expect(page.Parts!.map(({ PartNumber }) => PartNumber)).toEqual([1, 2]);
  expect(page).toMatchObject({
    ...{ Bucket, ...uploads[0], MaxParts: 2, IsTruncated: true },
    ...{ PartNumberMarker: '0', NextPartNumberMarker: '2', StorageClass: 'STANDARD' },
  });
  expect(page.Parts![0]).toEqual({
    PartNumber: 1,
    ETag: expect.stringMatching(/^"[0-9a-f]{32}"$/),
    Size: 4,
    LastModified: expect.any(Date),
    ChecksumCRC32: expect.any(String),
  });
  const next = await listParts({ PartNumberMarker: page.NextPartNumberMarker });
  expect([next.Parts!.map(({ PartNumber }) => PartNumber), next.IsTruncated]).toEqual([[5], false]);
});

test('an upload that a rule will abort says when', async () => {
  const Rules = [
    { ID: 'tidy', Status: 'Enabled', Filter: {}, AbortIncompleteMultipartUpload: { DaysAfterInitiation: 1 } },
  ];
  await host.root.send(
    new PutBucketLifecycleConfigurationCommand({ Bucket, LifecycleConfiguration: { Rules: Rules as never } }),
  );
  expect(await listParts()).toMatchObject({ AbortRuleId: 'tidy', AbortDate: expect.any(Date) });
});

test('parts of nothing', async () => {
  await expect(listParts({ UploadId: 'none' })).rejects.toMatchObject(refusal('NoSuchUpload', 404));
  await expect(listParts({ Key: 'b/1' })).rejects.toMatchObject(refusal('NoSuchUpload', 404));
  await expect(listParts({ PartNumberMarker: '-1' })).rejects.toMatchObject(refusal('InvalidArgument', 400));
});
