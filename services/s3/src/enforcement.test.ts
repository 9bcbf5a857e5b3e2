/** Who may do what: the operations of S3 under policies, access lists and the block of public access. */
import * as sdk from '@aws-sdk/client-s3';
import { canonicalUserId } from '@stormglass/identity';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { ACCOUNT, OTHER_ACCOUNT, REGION, refusal, type S3Host, startS3Host } from './testing/s3-host.ts';

let host: S3Host;
let Bucket: string;
let count = 0;
beforeAll(async () => {
  host = await startS3Host();
});
afterAll(() => host.close());
beforeEach(async () => {
  Bucket = await host.bucket();
  await host.root.send(new sdk.PutObjectCommand({ Bucket, Key: 'k', Body: 'x', Tagging: 'team=blue' }));
});

const allow = (Action: string | string[], Resource: string | string[] = '*', more: object = {}) => ({
  Effect: 'Allow',
  ...{ Action, Resource, ...more },
});
const when = (operator: string, key: string, value: string) => ({ Condition: { [operator]: { [key]: value } } });
const user = (...statements: object[]) => host.user(`u${++count}`, statements);
const stranger = (...statements: object[]) => host.user(`u${++count}`, statements, OTHER_ACCOUNT);
const policy = (...Statement: object[]) =>
  host.root.send(
    new sdk.PutBucketPolicyCommand({ Bucket, Policy: JSON.stringify({ Version: '2012-10-17', Statement }) }),
  );
const arns = () => [`arn:aws:s3:::${Bucket}`, `arn:aws:s3:::${Bucket}/*`];
const get = (more: Partial<sdk.GetObjectCommandInput> = {}) => new sdk.GetObjectCommand({ Bucket, Key: 'k', ...more });
const isDenied = (call: Promise<unknown>) => expect(call).rejects.toMatchObject(refusal('AccessDenied', 403));

describe('policies of users', () => {
  it('allow what they name, and the refusal says why', async () => {
    const ann = await user(allow('s3:GetObject', `arn:aws:s3:::${Bucket}/*`));
    await ann.send(get());
    const who = `arn:aws:iam::${ACCOUNT}:user/u${count}`;
    await expect(ann.send(new sdk.PutObjectCommand({ Bucket, Key: 'k2', Body: '' }))).rejects.toMatchObject(
      refusal(
        'AccessDenied',
        403,
        `User: ${who} is not authorized to perform: s3:PutObject on resource: "arn:aws:s3:::${Bucket}/k2" because no identity-based policy allows the s3:PutObject action`,
      ),
    );
  });

  const mine = (key = '*') => `arn:aws:s3:::${Bucket}/${key}`;
  const bucket = () => `arn:aws:s3:::${Bucket}`;
  // Each operation with what it must be allowed, and no more.
  it.each<[string, (client: sdk.S3Client) => Promise<unknown>, () => object[]]>([
    ['HeadObject', c => c.send(new sdk.HeadObjectCommand({ Bucket, Key: 'k' })), () => [allow('s3:GetObject', mine())]],
    [
      'GetObjectAttributes',
      c => c.send(new sdk.GetObjectAttributesCommand({ Bucket, Key: 'k', ObjectAttributes: ['ETag'] })),
      () => [allow(['s3:GetObject', 's3:GetObjectAttributes'], mine())],
    ],
    [
      'DeleteObject',
      c => c.send(new sdk.DeleteObjectCommand({ Bucket, Key: 'k' })),
      () => [allow('s3:DeleteObject', mine())],
    ],
    [
      'CopyObject',
      c => c.send(new sdk.CopyObjectCommand({ Bucket, Key: 'copy', CopySource: `${Bucket}/k` })),
      () => [allow('s3:GetObject', mine('k')), allow('s3:PutObject', mine('copy'))],
    ],
    [
      'PutObject with tags',
      c => c.send(new sdk.PutObjectCommand({ Bucket, Key: 't', Body: '', Tagging: 'a=b' })),
      () => [allow(['s3:PutObject', 's3:PutObjectTagging'], mine('t'))],
    ],
    [
      'GetObjectTagging',
      c => c.send(new sdk.GetObjectTaggingCommand({ Bucket, Key: 'k' })),
      () => [allow('s3:GetObjectTagging', mine())],
    ],
    [
      'CreateMultipartUpload',
      c => c.send(new sdk.CreateMultipartUploadCommand({ Bucket, Key: 'm' })),
      () => [allow('s3:PutObject', mine('m'))],
    ],
    ['ListObjectsV2', c => c.send(new sdk.ListObjectsV2Command({ Bucket })), () => [allow('s3:ListBucket', bucket())]],
    [
      'ListObjectVersions',
      c => c.send(new sdk.ListObjectVersionsCommand({ Bucket })),
      () => [allow('s3:ListBucketVersions', bucket())],
    ],
    [
      'ListMultipartUploads',
      c => c.send(new sdk.ListMultipartUploadsCommand({ Bucket })),
      () => [allow('s3:ListBucketMultipartUploads', bucket())],
    ],
    ['HeadBucket', c => c.send(new sdk.HeadBucketCommand({ Bucket })), () => [allow('s3:ListBucket', bucket())]],
    [
      'DeleteBucketCors',
      c => c.send(new sdk.DeleteBucketCorsCommand({ Bucket })),
      () => [allow('s3:PutBucketCORS', bucket())],
    ],
    [
      'GetBucketVersioning',
      c => c.send(new sdk.GetBucketVersioningCommand({ Bucket })),
      () => [allow('s3:GetBucketVersioning', bucket())],
    ],
    [
      'GetBucketEncryption',
      c => c.send(new sdk.GetBucketEncryptionCommand({ Bucket })),
      () => [allow('s3:GetEncryptionConfiguration', bucket())],
    ],
    ['ListBuckets', c => c.send(new sdk.ListBucketsCommand({})), () => [allow('s3:ListAllMyBuckets')]],
    [
      'CreateBucket',
      c => c.send(new sdk.CreateBucketCommand({ Bucket: `${Bucket}-new` })),
      () => [allow('s3:CreateBucket', `${bucket()}-new`)],
    ],
    [
      'DeleteBucket',
      c => c.send(new sdk.DeleteBucketCommand({ Bucket })).catch(notEmpty),
      () => [allow('s3:DeleteBucket', bucket())],
    ],
  ])('%s needs its permission, and nothing else', async (_name, run, statements) => {
    const needed = statements();
    await run(await user(...needed));
    for (const left of needed) {
      const nobody = await user(allow('*'), { ...left, Effect: 'Deny' });
      await expect(run(nobody)).rejects.toMatchObject({ $metadata: { httpStatusCode: 403 } });
    }
  });

  const notEmpty = (error: Error) => {
    if (error.name !== 'BucketNotEmpty') throw error;
  };

  it('are asked about versions by names of their own', async () => {
    const ann = await user(allow('s3:GetObject'));
    await isDenied(ann.send(get({ VersionId: 'null' })));
    const bob = await user(allow('s3:GetObjectVersion'));
    await bob.send(get({ VersionId: 'null' }));
    await isDenied(bob.send(get()));
  });

  it('are asked about each key of a deletion', async () => {
    const ann = await user(allow('s3:DeleteObject', mine('a/*')));
    const Objects = [{ Key: 'a/1' }, { Key: 'b/1' }];
    const { Deleted, Errors } = await ann.send(new sdk.DeleteObjectsCommand({ Bucket, Delete: { Objects } }));
    expect([Deleted?.map(({ Key }) => Key), Errors?.map(({ Key, Code }) => [Key, Code])]).toEqual([
      ['a/1'],
      [['b/1', 'AccessDenied']],
    ]);
  });
});

describe('condition keys', () => {
  it('know what a list is about', async () => {
    const ann = await user(allow('s3:ListBucket', '*', when('StringLike', 's3:prefix', 'home/ann/*')));
    await ann.send(new sdk.ListObjectsV2Command({ Bucket, Prefix: 'home/ann/' }));
    await isDenied(ann.send(new sdk.ListObjectsV2Command({ Bucket, Prefix: 'home/bob/' })));
    await isDenied(ann.send(new sdk.ListObjectsV2Command({ Bucket })));
    const bob = await user(allow('s3:ListBucket', '*', when('NumericLessThanEquals', 's3:max-keys', '10')));
    await bob.send(new sdk.ListObjectsV2Command({ Bucket, MaxKeys: 10 }));
    await isDenied(bob.send(new sdk.ListObjectsV2Command({ Bucket, MaxKeys: 11 })));
  });

  it('know the tags of objects, those that are there and those that come', async () => {
    const blue = await user(allow('s3:GetObject', '*', when('StringEquals', 's3:ExistingObjectTag/team', 'blue')));
    await blue.send(get());
    await host.root.send(new sdk.PutObjectCommand({ Bucket, Key: 'red', Body: '', Tagging: 'team=red' }));
    await isDenied(blue.send(get({ Key: 'red' })));
    const put = await user(allow('s3:*', '*', when('StringEquals', 's3:RequestObjectTag/team', 'blue')));
    await put.send(new sdk.PutObjectCommand({ Bucket, Key: 'n', Body: '', Tagging: 'team=blue' }));
    await isDenied(put.send(new sdk.PutObjectCommand({ Bucket, Key: 'n', Body: '', Tagging: 'team=red' })));
  });

  it('know how a request is signed and what its headers ask for', async () => {
    const ann = await user(allow('s3:*', '*', when('StringEquals', 's3:authType', 'REST-QUERY-STRING')));
    await isDenied(ann.send(get()));
    const bob = await user(allow('s3:*'), {
      Effect: 'Deny',
      ...{ Action: 's3:PutObject', Resource: '*' },
      ...when('StringEquals', 's3:x-amz-storage-class', 'STANDARD'),
    });
    await bob.send(new sdk.PutObjectCommand({ Bucket, Key: 'n', Body: '' }));
    await isDenied(bob.send(new sdk.PutObjectCommand({ Bucket, Key: 'n', Body: '', StorageClass: 'STANDARD' })));
  });
});

describe('policies of buckets', () => {
  it('allow their own account by themselves, others only together with their own', async () => {
    const ann = await user();
    const name = `arn:aws:iam::${ACCOUNT}:user/u${count}`;
    await policy(allow('s3:GetObject', arns()[1]!, { Principal: { AWS: name } }));
    await ann.send(get());
    await policy(allow('s3:GetObject', arns()[1]!, { Principal: { AWS: OTHER_ACCOUNT } }));
    const granted = await stranger(allow('s3:GetObject'));
    await granted.send(get());
    const notGranted = await stranger();
    await expect(notGranted.send(get())).rejects.toMatchObject(refusal('AccessDenied', 403, 'Access Denied'));
  });

  it('deny whatever else allows, but the root can always change them', async () => {
    await policy({ Effect: 'Deny', ...{ Action: 's3:*', Resource: arns(), Principal: '*' } });
    await isDenied(host.root.send(get()));
    await isDenied((await user(allow('*'))).send(new sdk.DeleteBucketPolicyCommand({ Bucket })));
    await host.root.send(new sdk.DeleteBucketPolicyCommand({ Bucket }));
    await host.root.send(get());
  });

  it('do not reach strangers while public ones are restricted', async () => {
    await host.root.send(new sdk.DeletePublicAccessBlockCommand({ Bucket }));
    await policy(allow('s3:GetObject', arns()[1]!, { Principal: '*' }));
    const other = await stranger(allow('s3:*'));
    await other.send(get());
    expect((await host.fetch(`/${Bucket}/k`)).status).toBe(200);
    const PublicAccessBlockConfiguration = { RestrictPublicBuckets: true };
    await host.root.send(new sdk.PutPublicAccessBlockCommand({ Bucket, PublicAccessBlockConfiguration }));
    await isDenied(other.send(get()));
    expect((await host.fetch(`/${Bucket}/k`)).status).toBe(403);
    await (await user()).send(get());
  });
});

describe('access lists', () => {
  const listed = async (ACL: sdk.BucketCannedACL | undefined) => {
    await host.root.send(new sdk.DeletePublicAccessBlockCommand({ Bucket }));
    await host.root.send(new sdk.DeleteBucketOwnershipControlsCommand({ Bucket }));
    if (ACL !== undefined) await host.root.send(new sdk.PutBucketAclCommand({ Bucket, ACL }));
  };

  it('of buckets let everybody list', async () => {
    await listed('public-read');
    expect((await host.fetch(`/${Bucket}?list-type=2`)).status).toBe(200);
    expect((await host.fetch(`/${Bucket}/k`)).status).toBe(403);
    const PublicAccessBlockConfiguration = { IgnorePublicAcls: true };
    await host.root.send(new sdk.PutPublicAccessBlockCommand({ Bucket, PublicAccessBlockConfiguration }));
    expect((await host.fetch(`/${Bucket}?list-type=2`)).status).toBe(403);
  });

  it('of objects let everybody read, or those with an account', async () => {
    await listed(undefined);
    await host.root.send(new sdk.PutObjectCommand({ Bucket, Key: 'open', Body: 'hello', ACL: 'public-read' }));
    await host.root.send(new sdk.PutObjectCommand({ Bucket, Key: 'signed', Body: '', ACL: 'authenticated-read' }));
    expect(await (await host.fetch(`/${Bucket}/open`)).text()).toBe('hello');
    expect((await host.fetch(`/${Bucket}/signed`)).status).toBe(403);
    const other = await stranger(allow('s3:*'));
    await other.send(get({ Key: 'signed' }));
    await isDenied(other.send(get({ Key: 'k' })));
  });

  it('name other accounts by their canonical ids', async () => {
    await listed(undefined);
    const GrantRead = `id="${canonicalUserId(OTHER_ACCOUNT)}"`;
    await host.root.send(new sdk.PutObjectCommand({ Bucket, Key: 'shared', Body: '', GrantRead }));
    await (await stranger(allow('s3:GetObject'))).send(get({ Key: 'shared' }));
    await isDenied((await stranger()).send(get({ Key: 'shared' })));
  });

  it('count for nothing where owners own all', async () => {
    await listed('public-read');
    await host.root.send(new sdk.PutBucketAclCommand({ Bucket, ACL: 'private' }));
    await host.root.send(new sdk.PutObjectCommand({ Bucket, Key: 'open', Body: '', ACL: 'public-read' }));
    const OwnershipControls = { Rules: [{ ObjectOwnership: 'BucketOwnerEnforced' as const }] };
    await host.root.send(new sdk.PutBucketOwnershipControlsCommand({ Bucket, OwnershipControls }));
    expect((await host.fetch(`/${Bucket}/open`)).status).toBe(403);
    const put = new sdk.PutObjectCommand({ Bucket, Key: 'n', Body: '', ACL: 'public-read' });
    await expect(host.root.send(put)).rejects.toMatchObject(refusal('AccessControlListNotSupported', 400));
    const full = new sdk.PutObjectCommand({ Bucket, Key: 'n', Body: '', ACL: 'bucket-owner-full-control' });
    await host.root.send(full);
  });
});

describe('directory buckets', () => {
  const Directory = 'guarded--use1-az1--x-s3';
  const arn = `arn:aws:s3express:us-east-1:${ACCOUNT}:bucket/${Directory}`;
  const clients: sdk.S3Client[] = [];
  beforeAll(async () => {
    const command = {
      type: 'CreateBucket',
      bucket: Directory,
      account: ACCOUNT,
      region: REGION,
      zone: 'use1-az1',
    } as const;
    await host.deps.index.execute(command, { deadline: host.deps.clock.monotonic() + 5000 });
  });
  afterAll(() => {
    for (const client of clients) client.destroy();
  });
  /** A user whose client signs every request itself, without a session. */
  const direct = async (...statements: object[]) => {
    const { config } = await user(...statements);
    const { endpoint } = host;
    const settings = {
      endpoint,
      region: REGION,
      credentials: config.credentials,
      forcePathStyle: true,
      maxAttempts: 1,
    };
    const client = new sdk.S3Client({ ...settings, disableS3ExpressSessionAuth: true });
    clients.push(client);
    return client;
  };
  const put = () => new sdk.PutObjectCommand({ Bucket: Directory, Key: 'k', Body: '' });

  it('are all or nothing, under actions of their own', async () => {
    await isDenied((await direct(allow('s3:*'))).send(put()));
    await (await direct(allow('s3express:CreateSession', arn))).send(put());
    await isDenied((await direct(allow('s3express:CreateSession', `${arn}x`))).send(put()));
  });

  it('have policies about themselves', async () => {
    const policy = (Resource: string) =>
      JSON.stringify({
        Version: '2012-10-17',
        Statement: [{ ...allow('s3express:CreateSession', Resource), Principal: { AWS: ACCOUNT } }],
      });
    const owner = await direct(allow('s3express:*'));
    await owner.send(new sdk.PutBucketPolicyCommand({ Bucket: Directory, Policy: policy(arn) }));
    const wrong = new sdk.PutBucketPolicyCommand({ Bucket: Directory, Policy: policy(`arn:aws:s3:::${Directory}`) });
    await expect(owner.send(wrong)).rejects.toMatchObject(refusal('MalformedPolicy', 400));
    await isDenied((await direct(allow('s3:*'))).send(new sdk.GetBucketPolicyCommand({ Bucket: Directory })));
  });
});

describe('what a refusal tells', () => {
  it('whether an object is there, only to who may list', async () => {
    const reader = await user(allow('s3:GetObject'));
    await isDenied(reader.send(get({ Key: 'missing' })));
    const lister = await user(allow(['s3:GetObject', 's3:ListBucket']));
    await expect(lister.send(get({ Key: 'missing' }))).rejects.toMatchObject(refusal('NoSuchKey', 404));
  });

  it('that the bucket is not the one the client thinks of', async () => {
    await host.root.send(get({ ExpectedBucketOwner: ACCOUNT }));
    await isDenied(host.root.send(get({ ExpectedBucketOwner: OTHER_ACCOUNT })));
  });

  it('nothing more, to strangers', async () => {
    const calls = [host.fetch('/new-of-nobody', { method: 'PUT' }), host.fetch(`/${Bucket}`, { method: 'DELETE' })];
    for (const answer of await Promise.all(calls)) {
      expect(answer.status).toBe(403);
      expect(await answer.text()).toContain('<Message>Access Denied</Message>');
    }
  });

  it('that a bucket is not there, to everybody', async () => {
    const answer = await host.fetch('/nobody-made-this/k');
    expect(answer.status).toBe(404);
    expect(await answer.text()).toContain('<BucketName>nobody-made-this</BucketName>');
  });
});
