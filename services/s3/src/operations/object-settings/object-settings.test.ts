/** Tags and access lists of objects, and their new keys in directory buckets, by the official client. */
import {
  DeleteObjectCommand,
  DeleteObjectTaggingCommand,
  GetObjectAclCommand,
  GetObjectCommand,
  GetObjectTaggingCommand,
  HeadObjectCommand,
  PutBucketVersioningCommand,
  PutObjectAclCommand,
  type PutObjectAclCommandInput,
  PutObjectCommand,
  PutObjectTaggingCommand,
  PutPublicAccessBlockCommand,
  RenameObjectCommand,
  type RenameObjectCommandInput,
  S3Client,
} from '@aws-sdk/client-s3';
import { canonicalUserId } from '@stormglass/identity';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { ACCOUNT, OTHER_ACCOUNT, REGION, refusal, type S3Host, startS3Host } from '../../testing/s3-host.ts';

let host: S3Host;
beforeAll(async () => {
  host = await startS3Host();
});
afterAll(() => host?.close());

const put = async (Bucket: string, Key: string, Body = Key) =>
  (await host.root.send(new PutObjectCommand({ Bucket, Key, Body }))).VersionId;

describe('tags', () => {
  const tags = async (Bucket: string, Key: string, VersionId?: string) =>
    (await host.root.send(new GetObjectTaggingCommand({ Bucket, Key, VersionId }))).TagSet;
  const setTags = (Bucket: string, Key: string, TagSet: { Key: string; Value: string }[], VersionId?: string) =>
    host.root.send(new PutObjectTaggingCommand({ Bucket, Key, Tagging: { TagSet }, VersionId }));

  test('come, are counted, and go', async () => {
    const Bucket = await host.bucket();
    await put(Bucket, 'a');
    expect(await tags(Bucket, 'a')).toEqual([]);
    const TagSet = [
      { Key: 'kind', Value: 'letter' },
      { Key: 'ü', Value: '' },
    ];
    expect((await setTags(Bucket, 'a', TagSet)).VersionId).toBeUndefined();
    expect(await tags(Bucket, 'a')).toEqual(TagSet);
    expect((await host.root.send(new HeadObjectCommand({ Bucket, Key: 'a' }))).TagCount).toBe(2);
    await host.root.send(new DeleteObjectTaggingCommand({ Bucket, Key: 'a' }));
    expect(await tags(Bucket, 'a')).toEqual([]);
  });

  test('belong to one version', async () => {
    const Bucket = await host.bucket();
    const VersioningConfiguration = { Status: 'Enabled' } as const;
    await host.root.send(new PutBucketVersioningCommand({ Bucket, VersioningConfiguration }));
    const [old, young] = [await put(Bucket, 'a'), await put(Bucket, 'a')];
    const said = await setTags(Bucket, 'a', [{ Key: 'k', Value: 'old' }], old);
    expect(said.VersionId).toBe(old);
    expect((await setTags(Bucket, 'a', [{ Key: 'k', Value: 'young' }])).VersionId).toBe(young);
    expect(await tags(Bucket, 'a', old)).toEqual([{ Key: 'k', Value: 'old' }]);
    const { VersionId: marker } = await host.root.send(new DeleteObjectCommand({ Bucket, Key: 'a' }));
    await expect(tags(Bucket, 'a')).rejects.toMatchObject(refusal('NoSuchKey', 404));
    await expect(tags(Bucket, 'a', marker)).rejects.toMatchObject(refusal('MethodNotAllowed', 405));
    await expect(setTags(Bucket, 'a', [])).rejects.toMatchObject(refusal('NoSuchKey', 404));
    await expect(setTags(Bucket, 'a', [], marker)).rejects.toMatchObject(refusal('MethodNotAllowed', 405));
  });

  test.each<[string, { Key: string; Value: string }[], string, string]>([
    [
      'eleven',
      Array.from({ length: 11 }, (_, n) => ({ Key: `k${n}`, Value: '' })),
      'BadRequest',
      'Object tags cannot be greater than 10',
    ],
    ['keys with other signs', [{ Key: 'a*b', Value: 'v' }], 'InvalidTag', 'The TagKey you have provided is invalid'],
    [
      'one key twice',
      [
        { Key: 'k', Value: '1' },
        { Key: 'k', Value: '2' },
      ],
      'InvalidTag',
      'Cannot provide multiple Tags with the same key',
    ],
  ])('%s are refused', async (_name, given, code, message) => {
    const Bucket = await host.bucket();
    await put(Bucket, 'a');
    await expect(setTags(Bucket, 'a', given)).rejects.toMatchObject(refusal(code, 400, message));
  });

  test('who may not list a bucket does not learn what is not in it', async () => {
    const Bucket = await host.bucket();
    const tagger = await host.user('tagger', [{ Effect: 'Allow', Action: 's3:*Tagging', Resource: '*' }]);
    const asked = tagger.send(new GetObjectTaggingCommand({ Bucket, Key: 'absent' }));
    await expect(asked).rejects.toMatchObject(refusal('AccessDenied', 403));
    const set = { Bucket, Key: 'absent', Tagging: { TagSet: [] } };
    await expect(tagger.send(new PutObjectTaggingCommand(set))).rejects.toMatchObject(refusal('AccessDenied', 403));
  });
});

describe('access lists', () => {
  const acl = (Bucket: string) => host.root.send(new GetObjectAclCommand({ Bucket, Key: 'a' }));
  const setAcl = (Bucket: string, input: Partial<PutObjectAclCommandInput>) =>
    host.root.send(new PutObjectAclCommand({ Bucket, Key: 'a', ...input }));
  const own = {
    Grantee: { Type: 'CanonicalUser', ID: canonicalUserId(ACCOUNT) },
    Permission: 'FULL_CONTROL',
  };

  test('say nothing where the owner of the bucket owns all', async () => {
    const Bucket = await host.bucket();
    await put(Bucket, 'a');
    expect(await acl(Bucket)).toMatchObject({ Owner: { ID: canonicalUserId(ACCOUNT) }, Grants: [own] });
    await expect(setAcl(Bucket, { ACL: 'public-read' })).rejects.toMatchObject(
      refusal('AccessControlListNotSupported', 400, 'The bucket does not allow ACLs'),
    );
    await setAcl(Bucket, { ACL: 'bucket-owner-full-control' });
  });

  test('let others read where they count', async () => {
    const Bucket = await host.bucket({ ObjectOwnership: 'ObjectWriter' });
    await put(Bucket, 'a', 'for all');
    const blocked = setAcl(Bucket, { ACL: 'public-read' });
    await expect(blocked).rejects.toMatchObject(
      refusal('AccessDenied', 403, expect.stringContaining('BlockPublicAcls')),
    );
    const PublicAccessBlockConfiguration = { BlockPublicAcls: false, IgnorePublicAcls: false };
    await host.root.send(new PutPublicAccessBlockCommand({ Bucket, PublicAccessBlockConfiguration }));
    expect((await host.fetch(`/${Bucket}/a`)).status).toBe(403);
    await setAcl(Bucket, { ACL: 'public-read' });
    expect((await acl(Bucket)).Grants).toEqual([
      own,
      { Grantee: { Type: 'Group', URI: 'http://acs.amazonaws.com/groups/global/AllUsers' }, Permission: 'READ' },
    ]);
    expect(await (await host.fetch(`/${Bucket}/a`)).text()).toBe('for all');
    await setAcl(Bucket, { GrantRead: `id="${canonicalUserId(OTHER_ACCOUNT)}"` });
    expect((await host.fetch(`/${Bucket}/a`)).status).toBe(403);
    const other = host.client(OTHER_ACCOUNT);
    const got = await other.send(new GetObjectCommand({ Bucket, Key: 'a' }));
    expect(await got.Body!.transformToString()).toBe('for all');
  });

  test('a request without a list', async () => {
    const Bucket = await host.bucket({ ObjectOwnership: 'ObjectWriter' });
    await put(Bucket, 'a');
    await expect(setAcl(Bucket, {})).rejects.toMatchObject(refusal('MissingSecurityHeader', 400));
  });
});

describe('RenameObject', () => {
  const DIRECTORY = 'renamed--use1-az1--x-s3';
  /** Without sessions, which are not what is tried here. */
  let direct: S3Client;
  beforeAll(() => {
    const credentials = { accessKeyId: ACCOUNT, secretAccessKey: 'test' };
    const options = { endpoint: host.endpoint, region: REGION, credentials, forcePathStyle: true, maxAttempts: 1 };
    direct = new S3Client({ ...options, disableS3ExpressSessionAuth: true });
  });
  afterAll(() => direct?.destroy());
  const rename = (Bucket: string, input: Partial<RenameObjectCommandInput> = {}) =>
    direct.send(new RenameObjectCommand({ Bucket, Key: 'new', RenameSource: `${Bucket}/old`, ...input }));

  test('gives an object of a directory bucket another key', async () => {
    const bucket = { bucket: DIRECTORY, account: ACCOUNT, region: REGION, zone: 'use1-az1' };
    const deadline = host.deps.clock.monotonic() + 5000;
    await host.deps.index.execute({ type: 'CreateBucket', ...bucket }, { deadline });
    const putHere = (Key: string, Body: string) => direct.send(new PutObjectCommand({ Bucket: DIRECTORY, Key, Body }));
    await putHere('dir/old ü', 'content');
    await rename(DIRECTORY, { RenameSource: encodeURI(`/${DIRECTORY}/dir/old ü`) });
    const got = await direct.send(new GetObjectCommand({ Bucket: DIRECTORY, Key: 'new' }));
    expect(await got.Body!.transformToString()).toBe('content');
    await expect(rename(DIRECTORY, { RenameSource: `${DIRECTORY}/absent` })).rejects.toMatchObject(
      refusal('NoSuchKey', 404),
    );
    await putHere('other', 'other');
    const onto = rename(DIRECTORY, { RenameSource: `${DIRECTORY}/other`, DestinationIfNoneMatch: '*' });
    await expect(onto).rejects.toMatchObject(refusal('PreconditionFailed', 412));
  });

  test('only there', async () => {
    const Bucket = await host.bucket();
    await put(Bucket, 'old');
    await expect(rename(Bucket)).rejects.toMatchObject(refusal('InvalidRequest', 400));
  });
});
