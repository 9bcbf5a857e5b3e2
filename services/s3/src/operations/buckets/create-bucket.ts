/** Makes a bucket: one of the region, or one of a single zone. */
import type { CreateBucketRequest } from '@aws-sdk/client-s3';
import { AwsError } from '@stormglass/aws-wire';
import type { ConfigName, CreateBucket, Json } from '@stormglass/object-index';
import type { OpenCall } from '@stormglass/service-kit';
import { checkBucketName, zoneInName } from '../../bucket-names.ts';
import { bucketTags } from '../../bucket-tags.ts';
import { execute, type S3Deps } from '../../deps.ts';
import { malformedXml, s3Error } from '../../errors.ts';
import { checkLocation } from '../../location.ts';
import { isDirectoryBucket, PERMISSIONS } from '../../permissions/index.ts';
import { grantsToOthers, isPublicAcl } from '../../policies/acl.ts';
import { BLOCK_ALL, DEFAULT_OWNERSHIP, OWNERSHIPS } from '../../policies/bucket-settings.ts';
import { requestedAcl } from '../../policies/requested-acl.ts';
import { s3Operation } from '../../s3-operation.ts';

export const createBucket = s3Operation({
  name: 'CreateBucket',
  state: 'write',
  permission: PERMISSIONS.CreateBucket,
  gaps: [
    'A bucket can only be made by the region that it is to be in.',
    'Names of account-regional namespaces are taken as any other name.',
  ],
  async handle(input, call, deps) {
    const { Bucket = '', ObjectLockEnabledForBucket: objectLock = false } = input;
    const zone = isDirectoryBucket(Bucket) ? zoneOf(input, deps) : regional(input, deps);
    const isNameTaken =
      deps.index.view.bucket(Bucket) === undefined && (await deps.bucketRegion?.(Bucket)) !== undefined;
    if (isNameTaken) throw s3Error('BucketAlreadyExists', { BucketName: Bucket });
    await make(
      {
        type: 'CreateBucket',
        bucket: Bucket,
        account: call.accountId,
        region: deps.region,
        objectLock,
        config: configOf(input, call),
        ...(zone !== undefined && { zone }),
      },
      call,
      deps,
    );
    return { Location: `/${Bucket}` };
  },
});

/** The oldest region says yes to who already has the bucket; the others say that they have it. */
async function make(command: CreateBucket, call: OpenCall, deps: S3Deps): Promise<void> {
  try {
    await execute(deps, call, command);
  } catch (error) {
    const isMine = error instanceof AwsError && error.code === 'BucketAlreadyOwnedByYou';
    if (!isMine || deps.region !== FORGIVING_REGION) throw error;
  }
}

const FORGIVING_REGION = 'us-east-1';

function regional(
  { Bucket = '', CreateBucketConfiguration: configuration }: CreateBucketRequest,
  deps: S3Deps,
): undefined {
  checkBucketName(Bucket);
  if (configuration?.Location !== undefined || configuration?.Bucket !== undefined)
    throw s3Error('InvalidBucketName', { BucketName: Bucket });
  checkLocation(configuration?.LocationConstraint, deps.region);
}

/** Name and configuration must say the same. */
function zoneOf(
  { Bucket = '', CreateBucketConfiguration: configuration }: CreateBucketRequest,
  { zones }: S3Deps,
): string {
  const zone = zoneInName(Bucket, zones);
  const { Location, Bucket: kind } = configuration ?? {};
  if (Location?.Type !== 'AvailabilityZone' || Location.Name !== zone || kind?.Type !== 'Directory')
    throw malformedXml();
  return zone;
}

function configOf(input: CreateBucketRequest, { accountId }: OpenCall): Partial<Record<ConfigName, Json>> {
  const { Bucket: BucketName, CreateBucketConfiguration: configuration } = input;
  // Who says `private` and nothing of ownership goes on to use access lists, as older programs do with every object.
  const usual = input.ACL === 'private' ? 'BucketOwnerPreferred' : DEFAULT_OWNERSHIP;
  const { ObjectOwnership = usual } = input;
  if (!OWNERSHIPS.includes(ObjectOwnership)) throw malformedXml();
  const acl = requestedAcl(input, 'bucket', accountId);
  if (acl !== undefined && grantsToOthers(acl, accountId)) {
    if (ObjectOwnership === 'BucketOwnerEnforced') throw s3Error('InvalidBucketAclWithObjectOwnership', { BucketName });
    if (isPublicAcl(acl)) throw s3Error('InvalidBucketAclWithBlockPublicAccessError', { BucketName });
  }
  const tags = bucketTags(configuration?.Tags ?? []);
  return {
    ownership: ObjectOwnership,
    publicAccessBlock: { ...BLOCK_ALL },
    ...(acl !== undefined && { acl: acl as unknown as Json }),
    ...(tags.length > 0 && { tagging: tags as unknown as Json }),
  };
}
