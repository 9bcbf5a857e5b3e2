/** Buckets as the official client makes, finds and deletes them. */
import {
  CreateBucketCommand,
  CreateMultipartUploadCommand,
  CreateSessionCommand,
  DeleteBucketCommand,
  GetBucketLocationCommand,
  GetBucketOwnershipControlsCommand,
  GetObjectCommand,
  HeadBucketCommand,
  ListBucketsCommand,
  type ListBucketsCommandOutput,
  ListDirectoryBucketsCommand,
  PutObjectCommand,
  S3Client,
} from '@aws-sdk/client-s3';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { ACCOUNT, OTHER_ACCOUNT, REGION, refusal, type S3Host, startS3Host } from '../../testing/s3-host.ts';

let host: S3Host;
beforeAll(async () => {
  host = await startS3Host({ bucketRegion: async name => (name.startsWith('in-europe') ? 'eu-west-1' : undefined) });
});
afterAll(() => host.close());

const make = (Bucket: string, more: object = {}) => host.root.send(new CreateBucketCommand({ Bucket, ...more }));
describe('making', () => {
  it('makes a bucket once, and says yes to its owner who asks again', async () => {
    expect((await make('made-once')).Location).toBe('/made-once');
    await make('made-once');
    const other = host.client(OTHER_ACCOUNT);
    await expect(other.send(new CreateBucketCommand({ Bucket: 'made-once' }))).rejects.toMatchObject(
      refusal('BucketAlreadyExists', 409, /^The requested bucket name is not available/),
    );
  });

  it.each(['ab', 'UPPER', 'a..b', 'a_b', '-a-b', '192.168.1.1', 'xn--abc', 'x'.repeat(64), 'some-s3alias', 'a.-b'])(
    'refuses the name %s',
    async name => {
      await expect(make(name)).rejects.toMatchObject(
        refusal('InvalidBucketName', 400, 'The specified bucket is not valid.'),
      );
    },
  );

  it.each([
    ['us-east-1', 'InvalidLocationConstraint', 'The specified location-constraint is not valid'],
    ['nowhere', 'InvalidLocationConstraint', 'The specified location-constraint is not valid'],
    [
      'eu-west-1',
      'IllegalLocationConstraintException',
      'The eu-west-1 location constraint is incompatible for the region specific endpoint this request was sent to.',
    ],
  ])('refuses the location %s', async (LocationConstraint, name, message) => {
    const call = make('placed', { CreateBucketConfiguration: { LocationConstraint } });
    await expect(call).rejects.toMatchObject(refusal(name, 400, message));
  });

  it('knows the names of other regions', async () => {
    await expect(make('in-europe-1')).rejects.toMatchObject(refusal('BucketAlreadyExists', 409));
  });

  it('has access lists only where ownership lets them count, and public ones only where nothing blocks them', async () => {
    await expect(make('listed', { ACL: 'public-read' })).rejects.toMatchObject(
      refusal('InvalidBucketAclWithObjectOwnership', 400),
    );
    await expect(make('listed', { ACL: 'public-read', ObjectOwnership: 'ObjectWriter' })).rejects.toMatchObject(
      refusal('InvalidBucketAclWithBlockPublicAccessError', 400),
    );
    await make('listed', { ACL: 'private', ObjectOwnership: 'BucketOwnerEnforced' });
  });

  it('leaves access lists on for who asks for a private one and says nothing of ownership', async () => {
    await make('private-list', { ACL: 'private' });
    const { OwnershipControls } = await host.root.send(
      new GetBucketOwnershipControlsCommand({ Bucket: 'private-list' }),
    );
    expect(OwnershipControls?.Rules).toEqual([{ ObjectOwnership: 'BucketOwnerPreferred' }]);
  });
});

describe('finding', () => {
  it('tells where a bucket is', async () => {
    const Bucket = await host.bucket();
    expect(await host.root.send(new HeadBucketCommand({ Bucket }))).toMatchObject({ BucketRegion: 'us-east-1' });
    expect((await host.root.send(new GetBucketLocationCommand({ Bucket }))).LocationConstraint).toBeUndefined();
    await expect(host.root.send(new HeadBucketCommand({ Bucket: 'nowhere-to-be-found' }))).rejects.toMatchObject(
      refusal('NotFound', 404),
    );
  });

  it('sends clients on to the region that has the bucket', async () => {
    const answer = await host.fetch('/in-europe-1/key');
    expect([answer.status, answer.headers.get('x-amz-bucket-region')]).toEqual([301, 'eu-west-1']);
    const body = await answer.text();
    expect(body).toContain('<Code>PermanentRedirect</Code>');
    expect(body).toContain('<Bucket>in-europe-1</Bucket>');
    expect(body).toContain('<Endpoint>s3.eu-west-1.amazonaws.com</Endpoint>');
  });

  it('lists the buckets of an account by name, in pages', async () => {
    const owner = host.client('111122223333');
    for (const Bucket of ['page-c', 'page-a', 'other', 'page-b']) await owner.send(new CreateBucketCommand({ Bucket }));
    const names = ({ Buckets }: ListBucketsCommandOutput) => Buckets?.map(({ Name }) => Name);
    const all = await owner.send(new ListBucketsCommand({}));
    expect(names(all)).toEqual(['other', 'page-a', 'page-b', 'page-c']);
    expect(all.Owner?.ID).toMatch(/^[0-9a-f]{64}$/);
    const first = await owner.send(new ListBucketsCommand({ Prefix: 'page-', MaxBuckets: 2 }));
    expect([names(first), first.Prefix]).toEqual([['page-a', 'page-b'], 'page-']);
    const ContinuationToken = first.ContinuationToken!;
    const second = await owner.send(new ListBucketsCommand({ Prefix: 'page-', MaxBuckets: 2, ContinuationToken }));
    expect([names(second), second.ContinuationToken]).toEqual([['page-c'], undefined]);
    await expect(owner.send(new ListBucketsCommand({ ContinuationToken: '~' }))).rejects.toMatchObject(
      refusal('InvalidArgument', 400, 'The continuation token provided is incorrect'),
    );
  });
});

describe('deleting', () => {
  it('deletes what is empty', async () => {
    const Bucket = await host.bucket();
    await host.root.send(new PutObjectCommand({ Bucket, Key: 'k', Body: 'x' }));
    await expect(host.root.send(new DeleteBucketCommand({ Bucket }))).rejects.toMatchObject(
      refusal('BucketNotEmpty', 409, 'The bucket you tried to delete is not empty'),
    );
  });

  it('ends uploads that were never completed', async () => {
    const Bucket = await host.bucket();
    await host.root.send(new CreateMultipartUploadCommand({ Bucket, Key: 'k' }));
    await host.root.send(new DeleteBucketCommand({ Bucket }));
    await expect(host.root.send(new DeleteBucketCommand({ Bucket }))).rejects.toMatchObject(
      refusal('NoSuchBucket', 404, 'The specified bucket does not exist'),
    );
  });
});

describe('directory buckets', () => {
  // Without this, clients ask for a session of the bucket that is about to be made.
  let client: S3Client;
  beforeAll(() => {
    const credentials = { accessKeyId: ACCOUNT, secretAccessKey: 'test' };
    const settings = { endpoint: host.endpoint, region: REGION, credentials, maxAttempts: 1, forcePathStyle: true };
    client = new S3Client({ ...settings, disableS3ExpressSessionAuth: true });
  });
  afterAll(() => client.destroy());
  const makeIn = (zone: string, Bucket: string) =>
    client.send(
      new CreateBucketCommand({
        Bucket,
        CreateBucketConfiguration: {
          Location: { Type: 'AvailabilityZone', Name: zone },
          Bucket: { Type: 'Directory', DataRedundancy: 'SingleAvailabilityZone' },
        },
      }),
    );

  it('live in the zone that their name says', async () => {
    const Bucket = 'quick--use1-az2--x-s3';
    await makeIn('use1-az2', Bucket);
    expect(host.view.bucket(Bucket)?.zone).toBe('use1-az2');
    const listed = await client.send(new ListDirectoryBucketsCommand({}));
    expect(listed.Buckets?.map(({ Name }) => Name)).toEqual([Bucket]);
    const { Buckets = [] } = await client.send(new ListBucketsCommand({}));
    expect(Buckets.map(({ Name }) => Name)).not.toContain(Bucket);
    expect(await client.send(new HeadBucketCommand({ Bucket }))).toMatchObject({
      BucketLocationType: 'AvailabilityZone',
      BucketLocationName: 'use1-az2',
    });
  });

  it.each([
    ['quick--use1-az9--x-s3', 'use1-az9', 'InvalidBucketName'],
    ['quick--use1-az1--x-s3', 'use1-az2', 'MalformedXML'],
    ['-quick--use1-az1--x-s3', 'use1-az1', 'InvalidBucketName'],
  ])('refuses %s in %s', async (Bucket, zone, name) => {
    await expect(makeIn(zone, Bucket)).rejects.toMatchObject(refusal(name, 400));
  });

  it('gives sessions for a few minutes, with which clients work', async () => {
    const Bucket = 'session--use1-az1--x-s3';
    await makeIn('use1-az1', Bucket);
    const unsure = client.send(new CreateSessionCommand({ Bucket }));
    await expect(unsure).rejects.toMatchObject(refusal('ServiceUnavailable', 503));
    const key = Buffer.alloc(32, 7).toString('base64');
    await host.iam({ type: 'AddTokenKey', keyId: '00000001', key, after: null });
    const { Credentials } = await client.send(new CreateSessionCommand({ Bucket }));
    expect(Credentials!.Expiration!.getTime() - Date.now()).toBeLessThanOrEqual(300_000);
    await host.root.send(new PutObjectCommand({ Bucket, Key: 'k', Body: 'quick' }));
    const { Body } = await host.root.send(new GetObjectCommand({ Bucket, Key: 'k' }));
    expect(await Body!.transformToString()).toBe('quick');
    const call = new CreateSessionCommand({ Bucket, SessionMode: 'ReadOnly' });
    await expect(client.send(call)).rejects.toMatchObject(refusal('NotImplemented', 501));
  });
});
