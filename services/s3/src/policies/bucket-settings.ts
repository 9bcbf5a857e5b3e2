/** Settings of buckets that others depend on: who owns objects, whether lists count, what of the public is blocked. */
import type { ObjectOwnership, PublicAccessBlockConfiguration } from '@aws-sdk/client-s3';
import type { Bucket } from '@stormglass/object-index';
import type { Acl } from './acl.ts';
import { privateAcl } from './acl.ts';

export const OWNERSHIPS: readonly ObjectOwnership[] = ['BucketOwnerEnforced', 'BucketOwnerPreferred', 'ObjectWriter'];

/** What buckets have that say nothing of it when they are made. */
export const DEFAULT_OWNERSHIP: ObjectOwnership = 'BucketOwnerEnforced';

/** Undefined after the controls were taken away, which means the same as `ObjectWriter`. */
export const objectOwnership = ({ config }: Pick<Bucket, 'config'>): ObjectOwnership | undefined =>
  config.ownership as ObjectOwnership | undefined;

/** Whether access control lists mean anything in this bucket. */
export const aclsCount = (bucket: Pick<Bucket, 'config'>): boolean => objectOwnership(bucket) !== 'BucketOwnerEnforced';

export type PublicAccessBlock = Readonly<Record<keyof PublicAccessBlockConfiguration, boolean>>;

/** What new buckets have. */
export const BLOCK_ALL: PublicAccessBlock = {
  BlockPublicAcls: true,
  IgnorePublicAcls: true,
  BlockPublicPolicy: true,
  RestrictPublicBuckets: true,
};

export const BLOCK_NOTHING: PublicAccessBlock = {
  BlockPublicAcls: false,
  IgnorePublicAcls: false,
  BlockPublicPolicy: false,
  RestrictPublicBuckets: false,
};

export const publicAccessBlock = ({ config }: Pick<Bucket, 'config'>): PublicAccessBlock =>
  (config.publicAccessBlock as PublicAccessBlock | undefined) ?? BLOCK_NOTHING;

export const bucketAcl = ({ config, account }: Pick<Bucket, 'config' | 'account'>): Acl =>
  (config.acl as unknown as Acl | undefined) ?? privateAcl(account);
