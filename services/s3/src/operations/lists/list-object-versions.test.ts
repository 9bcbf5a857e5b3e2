/** Lists of versions and delete markers by the official client. */
import {
  DeleteObjectCommand,
  ListObjectVersionsCommand,
  type ListObjectVersionsCommandInput,
  PutBucketVersioningCommand,
  PutObjectCommand,
  paginateListObjectsV2,
} from '@aws-sdk/client-s3';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { refusal, type S3Host, startS3Host } from '../../testing/s3-host.ts';

let host: S3Host;
let Bucket: string;
const ids: Record<string, string[]> = {};

beforeAll(async () => {
  host = await startS3Host();
  Bucket = await host.bucket();
  const put = async (Key: string) => {
    const { VersionId } = await host.root.send(new PutObjectCommand({ Bucket, Key, Body: Key }));
    (ids[Key] ??= []).unshift(VersionId ?? 'null');
  };
  await put('a');
  const enabled = { Status: 'Enabled' } as const;
  await host.root.send(new PutBucketVersioningCommand({ Bucket, VersioningConfiguration: enabled }));
  for (const Key of ['a', 'a', 'b', 'c/1', 'c/2']) await put(Key);
  const { VersionId } = await host.root.send(new DeleteObjectCommand({ Bucket, Key: 'b' }));
  ids.b!.unshift(VersionId!);
});
afterAll(() => host?.close());

const list = (input: Partial<ListObjectVersionsCommandInput> = {}) =>
  host.root.send(new ListObjectVersionsCommand({ Bucket, ...input }));

test('all versions, the newest of a key first, and markers', async () => {
  const { Versions, DeleteMarkers, ...page } = await list();
  expect(Versions!.map(({ Key, VersionId, IsLatest }) => [Key, VersionId, IsLatest])).toEqual([
    ['a', ids.a![0], true],
    ['a', ids.a![1], false],
    ['a', 'null', false],
    ['b', ids.b![1], false],
    ['c/1', ids['c/1']![0], true],
    ['c/2', ids['c/2']![0], true],
  ]);
  expect(DeleteMarkers).toMatchObject([{ Key: 'b', VersionId: ids.b![0], IsLatest: true }]);
  expect(page).toMatchObject({ Name: Bucket, Prefix: '', KeyMarker: '', IsTruncated: false, MaxKeys: 1000 });
});

test('pages go on within a key', async () => {
  const seen: (string | undefined)[] = [];
  let at: Partial<ListObjectVersionsCommandInput> = {};
  for (;;) {
    const page = await list({ MaxKeys: 2, ...at });
    for (const each of [...(page.Versions ?? []), ...(page.DeleteMarkers ?? [])]) seen.push(each.VersionId);
    if (!page.IsTruncated) break;
    at = { KeyMarker: page.NextKeyMarker, VersionIdMarker: page.NextVersionIdMarker };
  }
  expect([...seen].sort()).toEqual(Object.values(ids).flat().sort());
});

test('prefixes and delimiters', async () => {
  const page = await list({ Delimiter: '/', KeyMarker: 'b' });
  expect([page.Versions, page.CommonPrefixes]).toEqual([undefined, [{ Prefix: 'c/' }]]);
  expect((await list({ Prefix: 'c/', MaxKeys: 1 })).Versions).toHaveLength(1);
});

test.each<[string, Partial<ListObjectVersionsCommandInput>, string]>([
  [
    'a version without a key',
    { VersionIdMarker: 'null' },
    'A version-id marker cannot be specified without a key marker.',
  ],
  ['an empty version', { KeyMarker: 'a', VersionIdMarker: '' }, 'A version-id marker cannot be empty.'],
])('%s is refused', async (_name, input, message) => {
  await expect(list(input)).rejects.toMatchObject(refusal('InvalidArgument', 400, message));
});

test('lists of objects show neither markers nor what they hide', async () => {
  const keys: (string | undefined)[] = [];
  for await (const page of paginateListObjectsV2({ client: host.root, pageSize: 1 }, { Bucket })) {
    keys.push(...(page.Contents ?? []).map(({ Key }) => Key));
  }
  expect(keys).toEqual(['a', 'c/1', 'c/2']);
});
