/**
 * Access control lists, as buckets and objects keep them: who is granted what, and the lists that have names ("Access
 * control list (ACL) overview", Amazon S3 User Guide).
 */
import { canonicalUserId } from '@stormglass/identity';

export const ACL_PERMISSIONS = ['FULL_CONTROL', 'WRITE', 'WRITE_ACP', 'READ', 'READ_ACP'] as const;
export type AclPermission = (typeof ACL_PERMISSIONS)[number];

/** An account by its canonical user id, or one of the groups that S3 knows. */
export type Grantee = { readonly kind: 'user'; readonly id: string } | { readonly kind: 'group'; readonly uri: string };

export interface Grant {
  readonly grantee: Grantee;
  readonly permission: AclPermission;
}

/** What a bucket or an object keeps. The owner is an account id. */
export interface Acl {
  readonly owner: string;
  readonly grants: readonly Grant[];
}

const GROUPS = 'http://acs.amazonaws.com/groups';
export const ALL_USERS = `${GROUPS}/global/AllUsers`;
export const AUTHENTICATED_USERS = `${GROUPS}/global/AuthenticatedUsers`;
export const LOG_DELIVERY = `${GROUPS}/s3/LogDelivery`;
export const GROUP_URIS: ReadonlySet<string> = new Set([ALL_USERS, AUTHENTICATED_USERS, LOG_DELIVERY]);

const toAccount = (accountId: string, permission: AclPermission): Grant => ({
  grantee: { kind: 'user', id: canonicalUserId(accountId) },
  permission,
});
const toGroup = (uri: string, permission: AclPermission): Grant => ({ grantee: { kind: 'group', uri }, permission });

/** What each canned list grants beside full control of the owner. Those about the bucket's owner are for objects only. */
const CANNED: Readonly<Record<string, (bucketOwner: string) => readonly Grant[]>> = {
  private: () => [],
  'public-read': () => [toGroup(ALL_USERS, 'READ')],
  'public-read-write': () => [toGroup(ALL_USERS, 'READ'), toGroup(ALL_USERS, 'WRITE')],
  'authenticated-read': () => [toGroup(AUTHENTICATED_USERS, 'READ')],
  'aws-exec-read': () => [],
  'log-delivery-write': () => [toGroup(LOG_DELIVERY, 'WRITE'), toGroup(LOG_DELIVERY, 'READ_ACP')],
  'bucket-owner-read': bucketOwner => [toAccount(bucketOwner, 'READ')],
  'bucket-owner-full-control': bucketOwner => [toAccount(bucketOwner, 'FULL_CONTROL')],
};

export const isCannedAcl = (name: string): boolean => Object.hasOwn(CANNED, name);

/** The list that `name` stands for, without grants that say the same twice. `name` is one of `CANNED`. */
export function cannedAcl(name: string, owner: string, bucketOwner = owner): Acl {
  const more = CANNED[name]!(bucketOwner).filter(({ grantee }) => !isAccount(grantee, owner));
  return { owner, grants: [toAccount(owner, 'FULL_CONTROL'), ...more] };
}

/** The list of what has none of its own: only the owner. */
export const privateAcl = (owner: string): Acl => cannedAcl('private', owner);

const isAccount = (grantee: Grantee, accountId: string): boolean =>
  grantee.kind === 'user' && grantee.id === canonicalUserId(accountId);

/** Whether the list grants anything to anybody but `accountId`. */
export const grantsToOthers = ({ grants }: Acl, accountId: string): boolean =>
  grants.some(({ grantee }) => !isAccount(grantee, accountId));

/** Whether the list gives anything to everybody, or to everybody with an account. */
export const isPublicAcl = ({ grants }: Acl): boolean =>
  grants.some(({ grantee }) => grantee.kind === 'group' && grantee.uri !== LOG_DELIVERY);
