/** Lists of objects by the official client, in both versions of the operation. */
import {
  ListObjectsCommand,
  type ListObjectsCommandInput,
  ListObjectsV2Command,
  type ListObjectsV2CommandInput,
  type ListObjectsV2CommandOutput,
  PutObjectCommand,
  paginateListObjectsV2,
} from '@aws-sdk/client-s3';
import { canonicalUserId } from '@stormglass/identity';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { ACCOUNT, refusal, type S3Host, startS3Host } from '../../testing/s3-host.ts';

let host: S3Host;
let Bucket: string;
const KEYS = ['a', 'b/1', 'b/2', 'b/c/3', 'b0', 'd e+f', 'd/', 'ü', '日本/1', '😀'];

beforeAll(async () => {
  host = await startS3Host();
  Bucket = await host.bucket();
  for (const Key of KEYS) await host.root.send(new PutObjectCommand({ Bucket, Key, Body: Key }));
});
afterAll(() => host?.close());

const list = (input: Partial<ListObjectsV2CommandInput> = {}) =>
  host.root.send(new ListObjectsV2Command({ Bucket, ...input }));
const listOld = (input: Partial<ListObjectsCommandInput> = {}) =>
  host.root.send(new ListObjectsCommand({ Bucket, ...input }));
const keysOf = ({ Contents = [] }: Pick<ListObjectsV2CommandOutput, 'Contents'>) => Contents.map(({ Key }) => Key);
const prefixesOf = ({ CommonPrefixes = [] }: Pick<ListObjectsV2CommandOutput, 'CommonPrefixes'>) =>
  CommonPrefixes.map(({ Prefix }) => Prefix);

describe('ListObjectsV2', () => {
  test('keys in the order of their UTF-8, with what is known of them', async () => {
    const page = await list();
    expect(keysOf(page)).toEqual([...KEYS].sort((a, b) => Buffer.compare(Buffer.from(a), Buffer.from(b))));
    expect(page).toMatchObject({ Name: Bucket, Prefix: '', KeyCount: KEYS.length, MaxKeys: 1000, IsTruncated: false });
    expect(page.NextContinuationToken).toBeUndefined();
    expect(page.Contents![0]).toEqual({
      Key: 'a',
      ETag: '"0cc175b9c0f1b6a831c399e269772661"',
      Size: 1,
      StorageClass: 'STANDARD',
      LastModified: expect.any(Date),
      ChecksumAlgorithm: ['CRC32'],
      ChecksumType: 'FULL_OBJECT',
    });
  });

  test('owners are shown to who asks for them', async () => {
    const page = await list({ FetchOwner: true, MaxKeys: 1 });
    expect(page.Contents![0]!.Owner).toEqual({ ID: canonicalUserId(ACCOUNT) });
  });

  test('a delimiter rolls keys up, each prefix counting as one', async () => {
    const page = await list({ Delimiter: '/', MaxKeys: 3 });
    expect([keysOf(page), prefixesOf(page)]).toEqual([['a', 'b0'], ['b/']]);
    expect(page).toMatchObject({ KeyCount: 3, IsTruncated: true, Delimiter: '/' });
    const next = await list({ Delimiter: '/', ContinuationToken: page.NextContinuationToken });
    expect([keysOf(next), prefixesOf(next)]).toEqual([
      ['d e+f', 'ü', '😀'],
      ['d/', '日本/'],
    ]);
    expect(next.ContinuationToken).toBe(page.NextContinuationToken);
  });

  test('a page that ends with a prefix goes on behind all of its keys', async () => {
    const page = await list({ Delimiter: '/', MaxKeys: 2 });
    expect([keysOf(page), prefixesOf(page)]).toEqual([['a'], ['b/']]);
    const next = await list({ Delimiter: '/', MaxKeys: 1, ContinuationToken: page.NextContinuationToken });
    expect([keysOf(next), prefixesOf(next)]).toEqual([['b0'], []]);
  });

  test('prefixes and delimiters of any length', async () => {
    const page = await list({ Prefix: 'b/', Delimiter: '/' });
    expect([keysOf(page), prefixesOf(page)]).toEqual([['b/1', 'b/2'], ['b/c/']]);
    expect(prefixesOf(await list({ Delimiter: 'c/' }))).toEqual(['b/c/']);
    expect(keysOf(await list({ Prefix: '日' }))).toEqual(['日本/1']);
    expect(keysOf(await list({ Prefix: 'x' }))).toEqual([]);
  });

  test('a list begins behind a key, which need not be there', async () => {
    expect(keysOf(await list({ StartAfter: 'b/2', MaxKeys: 2 }))).toEqual(['b/c/3', 'b0']);
    expect(keysOf(await list({ StartAfter: 'b/15', MaxKeys: 1 }))).toEqual(['b/2']);
    const page = await list({ StartAfter: 'b/1', Delimiter: '/', MaxKeys: 1 });
    expect([prefixesOf(page), page.StartAfter]).toEqual([['b/'], 'b/1']);
    expect(prefixesOf(await list({ StartAfter: 'b/', Delimiter: '/' }))).not.toContain('b/');
  });

  test('every key once, whatever the size of pages', async () => {
    for (const pageSize of [1, 2, 3, 7]) {
      const keys: (string | undefined)[] = [];
      for await (const page of paginateListObjectsV2({ client: host.root, pageSize }, { Bucket })) {
        keys.push(...keysOf(page));
      }
      expect(keys, `pages of ${pageSize}`).toEqual(keysOf(await list()));
    }
  });

  test('encoded as for a form, save for slashes', async () => {
    const page = await list({ EncodingType: 'url', Prefix: 'd', Delimiter: '+', StartAfter: 'd ' });
    expect(page).toMatchObject({ EncodingType: 'url', Prefix: 'd', Delimiter: '%2B', StartAfter: 'd+' });
    expect([keysOf(page), prefixesOf(page)]).toEqual([['d/'], ['d+e%2B']]);
  });

  test.each<[string, Partial<ListObjectsV2CommandInput>, object]>([
    ['no room', { MaxKeys: 0 }, { KeyCount: 0, MaxKeys: 0, IsTruncated: false }],
    ['more than there may be', { MaxKeys: 5000 }, { KeyCount: 10, MaxKeys: 1000 }],
    ['an empty delimiter', { Delimiter: '' }, { KeyCount: 10 }],
  ])('%s', async (_name, input, expected) => expect(await list(input)).toMatchObject(expected));

  test('a token of somebody else is refused', async () => {
    const error = refusal('InvalidArgument', 400, 'The continuation token provided is incorrect');
    await expect(list({ ContinuationToken: 'AAAA' })).rejects.toMatchObject(error);
  });

  test('a bucket that is not there', async () => {
    const asked = host.root.send(new ListObjectsV2Command({ Bucket: 'absent-bucket' }));
    await expect(asked).rejects.toMatchObject({ ...refusal('NoSuchBucket', 404), BucketName: 'absent-bucket' });
  });

  test('a policy may allow only some prefixes', async () => {
    const condition = { StringLike: { 's3:prefix': 'b/*' } };
    const action = { Effect: 'Allow', Action: 's3:ListBucket', Resource: '*', Condition: condition };
    const reader = await host.user('reader', [action]);
    const asked = (Prefix: string) => reader.send(new ListObjectsV2Command({ Bucket, Prefix }));
    expect(keysOf(await asked('b/c'))).toEqual(['b/c/3']);
    await expect(asked('')).rejects.toMatchObject(refusal('AccessDenied', 403));
  });
});

describe('ListObjects', () => {
  test('owners are always shown; without a delimiter the last key is the marker', async () => {
    const page = await listOld({ MaxKeys: 2 });
    expect(page).toMatchObject({ Name: Bucket, Prefix: '', Marker: '', MaxKeys: 2, IsTruncated: true });
    expect([page.NextMarker, page.Contents![0]!.Owner]).toEqual([undefined, { ID: canonicalUserId(ACCOUNT) }]);
    expect(keysOf(await listOld({ Marker: 'b/1', MaxKeys: 1 }))).toEqual(['b/2']);
  });

  test('with a delimiter the next marker is said, and leads behind a prefix', async () => {
    const page = await listOld({ Delimiter: '/', MaxKeys: 2 });
    expect([page.NextMarker, prefixesOf(page)]).toEqual(['b/', ['b/']]);
    const next = await listOld({ Delimiter: '/', MaxKeys: 1, Marker: page.NextMarker });
    expect([keysOf(next), prefixesOf(next)]).toEqual([['b0'], []]);
  });
});
