/** Which lists a bucket takes, for itself and for its objects, and how lists are shown. */
import type { Owner, Grant as SdkGrant } from '@aws-sdk/client-s3';
import { canonicalUserId } from '@stormglass/identity';
import type { Bucket } from '@stormglass/object-index';
import { s3Error, s3Problem } from '../errors.ts';
import { type Acl, grantsToOthers, isPublicAcl } from './acl.ts';
import { aclsCount, publicAccessBlock } from './bucket-settings.ts';
import { type AclRequest, requestedAcl } from './requested-acl.ts';

const publicAclBlocked = () =>
  s3Problem(
    'AccessDenied',
    'Access Denied because public access control lists (ACLs) are prevented by the BlockPublicAcls setting in S3 Block Public Access.',
  );

/**
 * The list that a bucket is to have.
 * @throws AwsError when lists do not count in it, or public ones are blocked
 */
export function newBucketAcl(request: AclRequest, bucket: Bucket): Acl | undefined {
  const acl = requestedAcl(request, 'bucket', bucket.account);
  if (acl === undefined) return undefined;
  if (!aclsCount(bucket)) throw s3Error('AccessControlListNotSupported');
  if (publicAccessBlock(bucket).BlockPublicAcls && isPublicAcl(acl)) throw publicAclBlocked();
  return acl;
}

/**
 * The list that an object is to have; undefined when none is asked for, or when it would say what is so anyway.
 * @throws AwsError when lists do not count in its bucket, or public ones are blocked
 */
export function newObjectAcl(request: AclRequest, bucket: Bucket, owner: string): Acl | undefined {
  const acl = requestedAcl(request, 'object', owner, bucket.account);
  if (acl === undefined) return undefined;
  if (!aclsCount(bucket)) {
    // Such a list may only say what is so anyway, and `private` does not count as that.
    const saysSo = request.ACL === undefined ? !grantsToOthers(acl, bucket.account) : request.ACL === FULL_CONTROL;
    if (!saysSo) throw s3Error('AccessControlListNotSupported');
    return undefined;
  }
  if (publicAccessBlock(bucket).BlockPublicAcls && isPublicAcl(acl)) throw publicAclBlocked();
  return acl;
}

const FULL_CONTROL = 'bucket-owner-full-control';

export const ownerOf = (account: string): Owner => ({ ID: canonicalUserId(account) });

/** As GetBucketAcl and GetObjectAcl answer it. */
export const shownAcl = ({ owner, grants }: Acl): { readonly Owner: Owner; readonly Grants: SdkGrant[] } => ({
  Owner: ownerOf(owner),
  Grants: grants.map(({ grantee, permission }) => ({
    Grantee: grantee.kind === 'user' ? { Type: 'CanonicalUser', ID: grantee.id } : { Type: 'Group', URI: grantee.uri },
    Permission: permission,
  })),
});
