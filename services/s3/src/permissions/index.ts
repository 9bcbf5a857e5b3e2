/**
 * What each operation of S3 must be allowed ("Required permissions for Amazon S3 API operations", User Guide). Operation
 * files take their permission from here, so that all of it can be read at once.
 */
import type { S3Permission } from '../s3-operation.ts';
import { onBucket, onEverything, onNewBucket } from './on-bucket.ts';
import { onCopySource, onObject } from './on-object.ts';

export { bucketArn, isDirectoryBucket, objectArn } from './arns.ts';
export { demand, isAllowed, missingObject } from './ask.ts';
export { type CopySourceName, copySourceOf } from './copy-source.ts';

/** The permission, only for requests that have one of the members. */
function ifGiven<Input, const Member extends string>(
  members: readonly Member[],
  permission: S3Permission<Input>,
): S3Permission<Input & { readonly [Name in Member]?: unknown }> {
  return {
    ...permission,
    resource: (input, call, deps) =>
      members.some(member => input[member] !== undefined && input[member] !== false)
        ? permission.resource(input, call, deps)
        : [],
  };
}

const GRANTS = ['ACL', 'GrantFullControl', 'GrantRead', 'GrantReadACP', 'GrantWriteACP'] as const;

const GET = onObject('s3:GetObject', 's3:GetObjectVersion');
const PUT = onObject('s3:PutObject');

/** What comes with a new object beside its bytes. */
const WITH_SETTINGS = [
  ifGiven(['Tagging'], onObject('s3:PutObjectTagging')),
  ifGiven(GRANTS, onObject('s3:PutObjectAcl')),
  ifGiven(['ObjectLockMode', 'ObjectLockRetainUntilDate'], onObject('s3:PutObjectRetention')),
  ifGiven(['ObjectLockLegalHoldStatus'], onObject('s3:PutObjectLegalHold')),
] as const;

const BYPASS = ifGiven(['BypassGovernanceRetention'], onObject('s3:BypassGovernanceRetention'));

export const PERMISSIONS = {
  // Objects
  AbortMultipartUpload: onObject('s3:AbortMultipartUpload'),
  CompleteMultipartUpload: PUT,
  CopyObject: [onCopySource(GET), PUT, ...WITH_SETTINGS],
  CreateMultipartUpload: [PUT, ...WITH_SETTINGS],
  DeleteObject: [onObject('s3:DeleteObject', 's3:DeleteObjectVersion'), BYPASS],
  DeleteObjectTagging: onObject('s3:DeleteObjectTagging', 's3:DeleteObjectVersionTagging'),
  GetObject: GET,
  GetObjectAcl: onObject('s3:GetObjectAcl', 's3:GetObjectVersionAcl'),
  GetObjectAttributes: [GET, onObject('s3:GetObjectAttributes', 's3:GetObjectVersionAttributes')],
  GetObjectLegalHold: onObject('s3:GetObjectLegalHold'),
  GetObjectRetention: onObject('s3:GetObjectRetention'),
  GetObjectTagging: onObject('s3:GetObjectTagging', 's3:GetObjectVersionTagging'),
  HeadObject: GET,
  ListParts: onObject('s3:ListMultipartUploadParts'),
  PutObject: [PUT, ...WITH_SETTINGS],
  PutObjectAcl: onObject('s3:PutObjectAcl', 's3:PutObjectVersionAcl'),
  PutObjectLegalHold: onObject('s3:PutObjectLegalHold'),
  PutObjectRetention: [onObject('s3:PutObjectRetention'), BYPASS],
  PutObjectTagging: onObject('s3:PutObjectTagging', 's3:PutObjectVersionTagging'),
  RenameObject: PUT,
  UploadPart: PUT,
  UploadPartCopy: [onCopySource(GET), PUT],

  // Buckets
  CreateBucket: [
    onNewBucket('s3:CreateBucket'),
    ifGiven([...GRANTS, 'GrantWrite'], onNewBucket('s3:PutBucketAcl')),
    ifGiven(['ObjectLockEnabledForBucket'], onNewBucket('s3:PutBucketObjectLockConfiguration')),
    ifGiven(['ObjectLockEnabledForBucket'], onNewBucket('s3:PutBucketVersioning')),
    ifGiven(['ObjectOwnership'], onNewBucket('s3:PutBucketOwnershipControls')),
  ],
  CreateSession: onBucket('s3express:CreateSession'),
  DeleteBucket: onBucket('s3:DeleteBucket'),
  GetBucketLocation: onBucket('s3:GetBucketLocation'),
  HeadBucket: onBucket('s3:ListBucket'),
  ListBuckets: onEverything('s3:ListAllMyBuckets'),
  ListDirectoryBuckets: onEverything('s3express:ListAllMyDirectoryBuckets'),
  ListMultipartUploads: onBucket('s3:ListBucketMultipartUploads'),
  ListObjects: onBucket('s3:ListBucket'),
  ListObjectsV2: onBucket('s3:ListBucket'),
  ListObjectVersions: onBucket('s3:ListBucketVersions'),

  // What buckets are set to
  DeleteBucketCors: onBucket('s3:PutBucketCORS'),
  DeleteBucketEncryption: onBucket('s3:PutEncryptionConfiguration'),
  DeleteBucketLifecycle: onBucket('s3:PutLifecycleConfiguration'),
  DeleteBucketOwnershipControls: onBucket('s3:PutBucketOwnershipControls'),
  DeleteBucketPolicy: onBucket('s3:DeleteBucketPolicy'),
  DeleteBucketTagging: onBucket('s3:PutBucketTagging'),
  DeletePublicAccessBlock: onBucket('s3:PutBucketPublicAccessBlock'),
  GetBucketAccelerateConfiguration: onBucket('s3:GetAccelerateConfiguration'),
  GetBucketAcl: onBucket('s3:GetBucketAcl'),
  GetBucketCors: onBucket('s3:GetBucketCORS'),
  GetBucketEncryption: onBucket('s3:GetEncryptionConfiguration'),
  GetBucketLifecycleConfiguration: onBucket('s3:GetLifecycleConfiguration'),
  GetBucketLogging: onBucket('s3:GetBucketLogging'),
  GetBucketNotificationConfiguration: onBucket('s3:GetBucketNotification'),
  GetBucketOwnershipControls: onBucket('s3:GetBucketOwnershipControls'),
  GetBucketPolicy: onBucket('s3:GetBucketPolicy'),
  GetBucketPolicyStatus: onBucket('s3:GetBucketPolicyStatus'),
  GetBucketReplication: onBucket('s3:GetReplicationConfiguration'),
  GetBucketRequestPayment: onBucket('s3:GetBucketRequestPayment'),
  GetBucketTagging: onBucket('s3:GetBucketTagging'),
  GetBucketVersioning: onBucket('s3:GetBucketVersioning'),
  GetBucketWebsite: onBucket('s3:GetBucketWebsite'),
  GetObjectLockConfiguration: onBucket('s3:GetBucketObjectLockConfiguration'),
  GetPublicAccessBlock: onBucket('s3:GetBucketPublicAccessBlock'),
  PutBucketAccelerateConfiguration: onBucket('s3:PutAccelerateConfiguration'),
  PutBucketAcl: onBucket('s3:PutBucketAcl'),
  PutBucketCors: onBucket('s3:PutBucketCORS'),
  PutBucketEncryption: onBucket('s3:PutEncryptionConfiguration'),
  PutBucketLifecycleConfiguration: onBucket('s3:PutLifecycleConfiguration'),
  PutBucketLogging: onBucket('s3:PutBucketLogging'),
  PutBucketNotificationConfiguration: onBucket('s3:PutBucketNotification'),
  PutBucketOwnershipControls: onBucket('s3:PutBucketOwnershipControls'),
  PutBucketPolicy: onBucket('s3:PutBucketPolicy'),
  PutBucketRequestPayment: onBucket('s3:PutBucketRequestPayment'),
  PutBucketTagging: onBucket('s3:PutBucketTagging'),
  PutBucketVersioning: onBucket('s3:PutBucketVersioning'),
  PutObjectLockConfiguration: onBucket('s3:PutBucketObjectLockConfiguration'),
  PutPublicAccessBlock: onBucket('s3:PutBucketPublicAccessBlock'),
} as const;

/** Of each key of DeleteObjects, which asks one by one. */
export const DELETE_ONE = PERMISSIONS.DeleteObject;
