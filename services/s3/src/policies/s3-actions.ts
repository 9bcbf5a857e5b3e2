/** The actions of S3 and what each is about (Service Authorization Reference, "Amazon S3" and "Amazon S3 Express"). */
import { compilePolicy } from '@stormglass/identity';

const ON_BUCKET = `
  CreateBucket CreateBucketMetadataTableConfiguration DeleteBucket DeleteBucketMetadataTableConfiguration
  DeleteBucketPolicy DeleteBucketWebsite GetAccelerateConfiguration GetAnalyticsConfiguration GetBucketAcl GetBucketCORS
  GetBucketLocation GetBucketLogging GetBucketMetadataTableConfiguration GetBucketNotification
  GetBucketObjectLockConfiguration GetBucketOwnershipControls GetBucketPolicy GetBucketPolicyStatus
  GetBucketPublicAccessBlock GetBucketRequestPayment GetBucketTagging GetBucketVersioning GetBucketWebsite
  GetEncryptionConfiguration GetIntelligentTieringConfiguration GetInventoryConfiguration GetLifecycleConfiguration
  GetMetricsConfiguration GetReplicationConfiguration ListBucket ListBucketMultipartUploads ListBucketVersions
  ListTagsForResource PutAccelerateConfiguration PutAnalyticsConfiguration PutBucketAcl PutBucketCORS PutBucketLogging
  PutBucketNotification PutBucketObjectLockConfiguration PutBucketOwnershipControls PutBucketPolicy
  PutBucketPublicAccessBlock PutBucketRequestPayment PutBucketTagging PutBucketVersioning PutBucketWebsite
  PutEncryptionConfiguration PutIntelligentTieringConfiguration PutInventoryConfiguration PutLifecycleConfiguration
  PutMetricsConfiguration PutReplicationConfiguration TagResource UntagResource
`;

const ON_OBJECT = `
  AbortMultipartUpload BypassGovernanceRetention DeleteObject DeleteObjectTagging DeleteObjectVersion
  DeleteObjectVersionTagging GetObject GetObjectAcl GetObjectAttributes GetObjectLegalHold GetObjectRetention
  GetObjectTagging GetObjectTorrent GetObjectVersion GetObjectVersionAcl GetObjectVersionAttributes
  GetObjectVersionForReplication GetObjectVersionTagging GetObjectVersionTorrent InitiateReplication
  ListMultipartUploadParts ObjectOwnerOverrideToBucketOwner PutObject PutObjectAcl PutObjectLegalHold
  PutObjectRetention PutObjectTagging PutObjectVersionAcl PutObjectVersionTagging ReplicateDelete ReplicateObject
  ReplicateTags RestoreObject UpdateObjectEncryption
`;

/** Those of directory buckets are all asked on the bucket. */
const EXPRESS = `
  CreateBucket CreateSession DeleteBucket DeleteBucketPolicy GetBucketPolicy GetEncryptionConfiguration
  GetInventoryConfiguration GetLifecycleConfiguration GetMetricsConfiguration ListTagsForResource PutBucketPolicy
  PutEncryptionConfiguration PutInventoryConfiguration PutLifecycleConfiguration PutMetricsConfiguration TagResource
  UntagResource
`;

const named = (vendor: string, names: string): readonly string[] =>
  names
    .trim()
    .split(/\s+/)
    .map(name => `${vendor}:${name}`.toLowerCase());

const BUCKET_ACTIONS = named('s3', ON_BUCKET);
const OBJECT_ACTIONS = named('s3', ON_OBJECT);
const EXPRESS_ACTIONS = named('s3express', EXPRESS);

/** What a pattern such as `s3:Get*` covers; case does not count. */
export function coverageOf(pattern: string): { readonly onBucket: boolean; readonly onObject: boolean } {
  const { action } = compilePolicy({
    version: '2012-10-17',
    statements: [{ effect: 'Allow', action: { negated: false, patterns: [pattern] }, conditions: [] }],
  }).statements[0]!;
  const some = (names: readonly string[]) => names.some(action);
  return { onBucket: some(BUCKET_ACTIONS) || some(EXPRESS_ACTIONS), onObject: some(OBJECT_ACTIONS) };
}
