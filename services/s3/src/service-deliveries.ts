/**
 * What other services of the region put into buckets of their customers, such as log files of CloudTrail: the way of an
 * ordinary put, by a caller that is a service and may do what the policy of the bucket lets it do.
 */
import { AwsError } from '@stormglass/aws-wire';
import { authorize, contextOf, type ServicePrincipal } from '@stormglass/identity';
import type { Bucket } from '@stormglass/object-index';
import type { S3Deps } from './deps.ts';
import { type PutCall, putBody } from './object-data/put-body.ts';
import { bucketArn, isDirectoryBucket, objectArn } from './permissions/arns.ts';
import { policyFor } from './policies/bucket-access.ts';

export interface ServiceDelivery {
  /** Who brings it, as policies name it: `cloudtrail.amazonaws.com`. */
  readonly service: string;
  /** On whose behalf: `aws:SourceArn` and `aws:SourceAccount`. */
  readonly sourceArn: string;
  readonly sourceAccount: string;
  readonly bucket: string;
  readonly key: string;
  readonly contentType: string;
  readonly contentEncoding: string;
  /** Without one, only whether it could be put is looked at. */
  readonly body?: Buffer;
}

/** How long the log is waited for, in ms. */
const PATIENCE_MS = 5000;
const ACL = 'bucket-owner-full-control';

/**
 * Puts an object that is not there yet; one that is there already stays as it is, so a delivery may be repeated.
 * Resolves to the code of the error that S3 has for it (`NoSuchBucket`, `AccessDenied`, ...), or to undefined.
 * @throws LogUnavailable when nobody knows
 */
export async function deliverForService(
  deps: S3Deps,
  partition: string,
  delivery: ServiceDelivery,
): Promise<string | undefined> {
  const { index, clock, region } = deps;
  await index.upToDate(clock.monotonic() + PATIENCE_MS);
  const bucket = index.view.bucket(delivery.bucket);
  if (bucket === undefined || isDirectoryBucket(bucket.name)) return 'NoSuchBucket';
  const where = { partition, region };
  const may = (action: string, resource: string) => isAllowed(deps, bucket, delivery, action, resource);
  // What AWS wants of buckets for logs: the list of access is looked at before each delivery.
  if (!may('s3:GetBucketAcl', bucketArn(where, bucket.name, bucket.account))) return 'AccessDenied';
  if (!may('s3:PutObject', objectArn(where, bucket.name, delivery.key))) return 'AccessDenied';
  return delivery.body === undefined ? undefined : put(deps, bucket, delivery, delivery.body);
}

function isAllowed(deps: S3Deps, bucket: Bucket, delivery: ServiceDelivery, action: string, resource: string): boolean {
  const { service, sourceArn, sourceAccount } = delivery;
  const principal: ServicePrincipal = { kind: 'service', service };
  const context = contextOf({
    ...{ 'aws:SourceArn': sourceArn, 'aws:SourceAccount': sourceAccount, 'aws:SecureTransport': 'true' },
    ...{ 's3:x-amz-acl': ACL, 's3:ResourceAccount': bucket.account },
  });
  const { allowed } = authorize(deps.iam.view, {
    ...{ principal, action, resource, context, now: deps.clock.now() },
    ...{ resourceAccount: bucket.account, resourcePolicy: policyFor(deps, bucket, principal) },
  });
  return allowed;
}

async function put(
  deps: S3Deps,
  bucket: Bucket,
  { key, contentType, contentEncoding }: ServiceDelivery,
  body: Buffer,
): Promise<string | undefined> {
  const { clock } = deps;
  const headers = new Map([
    ['content-type', contentType],
    ['content-encoding', contentEncoding],
    ['x-amz-acl', ACL],
  ]);
  const call: PutCall = {
    ...{ accountId: '', now: clock.now(), deadline: clock.monotonic() + PATIENCE_MS },
    ...{ commandId: undefined, trace: undefined },
  };
  const stream = { chunks: once(body), length: body.length, trailers: () => new Map(), sha256: undefined };
  const head = { header: (name: string) => headers.get(name), names: [...headers.keys()] };
  try {
    await putBody(deps, call, { bucket, key, head, conditions: { ifNoneMatch: '*' }, stream });
    return undefined;
  } catch (error) {
    if (!(error instanceof AwsError)) throw error;
    return error.code === 'PreconditionFailed' ? undefined : error.code;
  }
}

async function* once(body: Buffer): AsyncGenerator<Buffer> {
  yield body;
}
