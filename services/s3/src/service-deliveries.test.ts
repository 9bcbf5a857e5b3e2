/** What services of the region may put into buckets, and that a delivery may be repeated. */
import { GetObjectCommand, ListObjectVersionsCommand, PutBucketPolicyCommand } from '@aws-sdk/client-s3';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { deliverForService, type ServiceDelivery } from './service-deliveries.ts';
import { ACCOUNT, type S3Host, startS3Host } from './testing/s3-host.ts';

let host: S3Host;
beforeAll(async () => {
  host = await startS3Host();
});
afterAll(() => host.close());

const TRAIL = `arn:aws:cloudtrail:us-east-1:${ACCOUNT}:trail/first`;
const deliver = (bucket: string, more: Partial<ServiceDelivery> = {}) =>
  deliverForService(host.deps, 'aws', {
    ...{ service: 'cloudtrail.amazonaws.com', sourceArn: TRAIL, sourceAccount: ACCOUNT, bucket },
    ...{ key: `AWSLogs/${ACCOUNT}/one`, contentType: 'application/json', contentEncoding: 'gzip' },
    ...more,
  });

/** As the user guide of CloudTrail has it. */
async function letIn(bucket: string, actions = ['s3:GetBucketAcl', 's3:PutObject']): Promise<void> {
  const principal = { Effect: 'Allow', Principal: { Service: 'cloudtrail.amazonaws.com' } };
  const bySource = { 'aws:SourceArn': TRAIL };
  const all = [
    {
      ...principal,
      Action: 's3:GetBucketAcl',
      Resource: `arn:aws:s3:::${bucket}`,
      Condition: { StringEquals: bySource },
    },
    {
      ...principal,
      Action: 's3:PutObject',
      Resource: `arn:aws:s3:::${bucket}/AWSLogs/${ACCOUNT}/*`,
      Condition: { StringEquals: { ...bySource, 's3:x-amz-acl': 'bucket-owner-full-control' } },
    },
  ];
  const Statement = all.filter(({ Action }) => actions.includes(Action));
  const Policy = JSON.stringify({ Version: '2012-10-17', Statement });
  await host.root.send(new PutBucketPolicyCommand({ Bucket: bucket, Policy }));
}

it('puts what the policy of the bucket lets the service put, once', async () => {
  const Bucket = await host.bucket();
  await letIn(Bucket);
  expect(await deliver(Bucket)).toBeUndefined();
  expect(await deliver(Bucket, { body: Buffer.from('first') })).toBeUndefined();
  expect(await deliver(Bucket, { body: Buffer.from('again') })).toBeUndefined();
  const found = await host.root.send(new GetObjectCommand({ Bucket, Key: `AWSLogs/${ACCOUNT}/one` }));
  expect(await found.Body!.transformToString()).toBe('first');
  expect(found).toMatchObject({ ContentType: 'application/json', ContentEncoding: 'gzip' });
  const { Versions } = await host.root.send(new ListObjectVersionsCommand({ Bucket }));
  expect(Versions).toHaveLength(1);
  expect(Versions?.[0]?.Owner?.ID).toBeDefined();
});

it.each([
  ['without a policy', [], {}],
  ['that may not look at the list of access', ['s3:PutObject'], {}],
  ['that may not put', ['s3:GetBucketAcl'], {}],
  ['at another place', undefined, { key: 'elsewhere' }],
  ['of another trail', undefined, { sourceArn: `${TRAIL}-too` }],
  ['that another service brings', undefined, { service: 'config.amazonaws.com' }],
])('refuses a delivery %s', async (_what, actions, more) => {
  const bucket = await host.bucket();
  if (actions?.length !== 0) await letIn(bucket, actions);
  expect(await deliver(bucket, { body: Buffer.from('x'), ...more })).toBe('AccessDenied');
});

it('knows no bucket that is not there', async () => {
  expect(await deliver('not-there')).toBe('NoSuchBucket');
});
