/** The access control list that a request brings: by name, by headers, or as a document. */
import type { AccessControlPolicy, Grant as SdkGrant, Grantee as SdkGrantee } from '@aws-sdk/client-s3';
import { canonicalUserId } from '@stormglass/identity';
import { invalidArgument, s3Error, s3Problem } from '../errors.ts';
import {
  ACL_PERMISSIONS,
  type Acl,
  type AclPermission,
  cannedAcl,
  GROUP_URIS,
  type Grant,
  type Grantee,
  isCannedAcl,
} from './acl.ts';

/** As inputs have it; the values of `Grant...` are those of the headers. */
export interface AclRequest {
  readonly ACL?: string | undefined;
  readonly AccessControlPolicy?: AccessControlPolicy | undefined;
  readonly GrantFullControl?: string | undefined;
  readonly GrantRead?: string | undefined;
  readonly GrantReadACP?: string | undefined;
  readonly GrantWrite?: string | undefined;
  readonly GrantWriteACP?: string | undefined;
}

const HEADERS = [
  ['GrantFullControl', 'FULL_CONTROL'],
  ['GrantRead', 'READ'],
  ['GrantReadACP', 'READ_ACP'],
  ['GrantWrite', 'WRITE'],
  ['GrantWriteACP', 'WRITE_ACP'],
] as const satisfies readonly (readonly [keyof AclRequest, AclPermission])[];

/** Most grants of a list (Amazon S3 User Guide, "Access control list overview"). */
const GRANTS_MAX = 100;

/** For objects only: in a list of a bucket they would name its owner. */
const ABOUT_THE_BUCKET = new Set(['bucket-owner-read', 'bucket-owner-full-control']);

/**
 * The list that is asked for; undefined when none is.
 * @param owner account whose list it is, which a document must name as well
 * @throws AwsError for more than one way of saying it, and for whom S3 does not know
 */
export function requestedAcl(
  request: AclRequest,
  about: 'bucket' | 'object',
  owner: string,
  bucketOwner = owner,
): Acl | undefined {
  const { ACL, AccessControlPolicy } = request;
  const headers = HEADERS.filter(([name]) => request[name] !== undefined);
  if (ACL !== undefined && headers.length > 0)
    throw s3Problem('InvalidRequest', 'Specifying both Canned ACLs and Header Grants is not allowed');
  if (AccessControlPolicy !== undefined && (ACL !== undefined || headers.length > 0))
    throw s3Error('UnexpectedContent');
  if (ACL !== undefined) return named(ACL, about, owner, bucketOwner);
  if (AccessControlPolicy !== undefined) return fromDocument(AccessControlPolicy, owner);
  if (headers.length === 0) return undefined;
  const grants = headers.flatMap(([name, permission]) =>
    granteesIn(request[name]!).map(grantee => ({ grantee, permission })),
  );
  return bounded({ owner, grants });
}

function named(name: string, about: 'bucket' | 'object', owner: string, bucketOwner: string): Acl {
  // S3 takes the lists for objects on buckets, too, and ignores what they say of the bucket's owner.
  if (about === 'bucket' && ABOUT_THE_BUCKET.has(name)) return cannedAcl('private', owner);
  if (!isCannedAcl(name)) throw invalidArgument('Invalid Argument', 'x-amz-acl', name);
  return cannedAcl(name, owner, bucketOwner);
}

function bounded(acl: Acl): Acl {
  if (acl.grants.length > GRANTS_MAX) throw s3Error('MalformedACLError');
  return acl;
}

const GRANTEE = /^\s*(id|uri|emailAddress)\s*=\s*"?([^",]*)"?\s*$/i;

/** Reads `id="...", uri="..."`. */
function granteesIn(header: string): readonly Grantee[] {
  return header.split(',').map(text => {
    const [, kind = '', value = ''] = GRANTEE.exec(text) ?? [];
    switch (kind.toLowerCase()) {
      case 'id':
        return user(value);
      case 'uri':
        return group(value);
      case 'emailaddress':
        throw unknownAddress(value);
      default:
        throw invalidArgument('Argument format not recognized', 'x-amz-grant', header);
    }
  });
}

function fromDocument({ Owner, Grants }: AccessControlPolicy, owner: string): Acl {
  if (Owner?.ID === undefined) throw s3Error('MalformedACLError');
  if (Owner.ID !== canonicalUserId(owner)) throw s3Error('AccessDenied');
  return bounded({ owner, grants: (Grants ?? []).map(readGrant) });
}

function readGrant({ Grantee: grantee, Permission }: SdkGrant): Grant {
  const permission = ACL_PERMISSIONS.find(each => each === Permission);
  if (grantee === undefined || permission === undefined) throw s3Error('MalformedACLError');
  return { grantee: readGrantee(grantee), permission };
}

function readGrantee({ Type, ID, URI, EmailAddress }: SdkGrantee): Grantee {
  if (Type === 'Group' && URI !== undefined) return group(URI);
  if (Type === 'CanonicalUser' && ID !== undefined) return user(ID);
  if (Type === 'AmazonCustomerByEmail') throw unknownAddress(EmailAddress ?? '');
  throw s3Error('MalformedACLError');
}

function user(id: string): Grantee {
  if (!/^[0-9a-f]{64}$/.test(id)) throw invalidArgument('Invalid id', 'CanonicalUser/ID', id);
  return { kind: 'user', id };
}

function group(uri: string): Grantee {
  if (!GROUP_URIS.has(uri)) throw invalidArgument('Invalid group uri', 'uri', uri);
  return { kind: 'group', uri };
}

/** Accounts have no addresses here. */
const unknownAddress = (address: string) =>
  s3Error('UnresolvableGrantByEmailAddress', { ArgumentName: 'emailAddress', ArgumentValue: address });
