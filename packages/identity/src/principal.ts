/** Who makes a request. One union for the whole cloud; each kind carries only what its kind has. */

export interface Tag {
  readonly key: string;
  readonly value: string;
}

/** What temporary credentials add to the principal they stand for. */
export interface SessionFacts {
  /** Seconds since the epoch, as tokens count time. */
  readonly issuedAt: number;
  readonly expiresAt: number;
  readonly sourceIdentity?: string;
  /** Session policies as text: at most one inline document. */
  readonly policy?: string;
  /** Managed policies given as session policies. */
  readonly policyArns?: readonly string[];
}

interface Identified {
  readonly accountId: string;
  readonly arn: string;
  /** As `GetCallerIdentity` returns it in `UserId`. */
  readonly userId: string;
}

/** The account itself. */
export interface RootPrincipal extends Identified {
  readonly kind: 'root';
  readonly session?: SessionFacts;
}

export interface UserPrincipal extends Identified {
  readonly kind: 'user';
  readonly userName: string;
  readonly tags: readonly Tag[];
  /** Present when the user signs with credentials of `GetSessionToken`. */
  readonly session?: SessionFacts;
}

/** A session of a role; `userId` is `AROA...:session`. */
export interface RoleSessionPrincipal extends Identified {
  readonly kind: 'assumed-role';
  readonly roleName: string;
  readonly roleId: string;
  readonly roleArn: string;
  readonly sessionName: string;
  /** Tags of the role, with session tags put over them. */
  readonly tags: readonly Tag[];
  /** Keys of the session tags that a chained session inherits. */
  readonly transitiveTagKeys: readonly string[];
  readonly session: SessionFacts;
}

/** An AWS service acting for itself, for example `lambda.amazonaws.com`. */
export interface ServicePrincipal {
  readonly kind: 'service';
  readonly service: string;
}

/** A request without a signature. */
export interface AnonymousPrincipal {
  readonly kind: 'anonymous';
}

export type Principal = RootPrincipal | UserPrincipal | RoleSessionPrincipal | ServicePrincipal | AnonymousPrincipal;

/** A principal that belongs to an account. */
export type AccountPrincipal = RootPrincipal | UserPrincipal | RoleSessionPrincipal;

export const ANONYMOUS: AnonymousPrincipal = { kind: 'anonymous' };

export function rootPrincipal(partition: string, accountId: string): RootPrincipal {
  return { kind: 'root', accountId, arn: `arn:${partition}:iam::${accountId}:root`, userId: accountId };
}

export const hasAccount = (principal: Principal): principal is AccountPrincipal =>
  principal.kind !== 'service' && principal.kind !== 'anonymous';

/** ARN of a role session: the path of the role is not part of it. */
export const sessionArn = (partition: string, accountId: string, roleName: string, sessionName: string): string =>
  `arn:${partition}:sts::${accountId}:assumed-role/${roleName}/${sessionName}`;

/** Session tags laid over the tags of the role. Tag keys differ only when they differ in more than case. */
export function mergeTags(below: readonly Tag[], above: readonly Tag[]): readonly Tag[] {
  if (above.length === 0) return below;
  const taken = new Set(above.map(tag => tag.key.toLowerCase()));
  return [...below.filter(tag => !taken.has(tag.key.toLowerCase())), ...above];
}

/** How messages name a principal. */
export function principalName(principal: Principal): string {
  if (principal.kind === 'service') return principal.service;
  return principal.kind === 'anonymous' ? 'anonymous' : principal.arn;
}
