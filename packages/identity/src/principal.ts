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
  /** Who vouched for the person behind a web identity session (`aws:FederatedProvider`). */
  readonly federatedProvider?: string;
  /** When the person proved a second factor, in seconds since the epoch; absent when they did not. */
  readonly mfaAt?: number;
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

/** Credentials of `GetFederationToken`: a guest of a user, or of root when `user` is absent. */
export interface FederatedUserPrincipal extends Identified {
  readonly kind: 'federated-user';
  readonly federatedName: string;
  /** Whose permissions the session policies narrow. */
  readonly user?: { readonly userName: string; readonly arn: string; readonly userId: string };
  readonly tags: readonly Tag[];
  /** Without session policies a federated user may only do what a resource policy grants. */
  readonly session: SessionFacts;
}

/** Somebody with a verified token of an identity provider, at the moment they ask for a role. */
export interface WebIdentityPrincipal {
  readonly kind: 'web-identity';
  /** What `Federated` names: the ARN of an OIDC provider, or a provider IAM knows, such as `accounts.google.com`. */
  readonly provider: string;
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

/** A principal that belongs to an account. */
export type AccountPrincipal = RootPrincipal | UserPrincipal | RoleSessionPrincipal | FederatedUserPrincipal;

export type Principal = AccountPrincipal | WebIdentityPrincipal | ServicePrincipal | AnonymousPrincipal;

export const ANONYMOUS: AnonymousPrincipal = { kind: 'anonymous' };

export function rootPrincipal(partition: string, accountId: string): RootPrincipal {
  return { kind: 'root', accountId, arn: `arn:${partition}:iam::${accountId}:root`, userId: accountId };
}

export const hasAccount = (principal: Principal): principal is AccountPrincipal => 'accountId' in principal;

/** Root, and root's guests: no identity policy limits what they may do in their account. */
export const isRoot = (principal: Principal): boolean =>
  principal.kind === 'root' || (principal.kind === 'federated-user' && principal.user === undefined);

/** ARN of a role session: the path of the role is not part of it. */
export const sessionArn = (partition: string, accountId: string, roleName: string, sessionName: string): string =>
  `arn:${partition}:sts::${accountId}:assumed-role/${roleName}/${sessionName}`;

/** ARN of a federated user session. */
export const federatedUserArn = (partition: string, accountId: string, name: string): string =>
  `arn:${partition}:sts::${accountId}:federated-user/${name}`;

/** Session tags laid over the tags of the role. Tag keys differ only when they differ in more than case. */
export function mergeTags(below: readonly Tag[], above: readonly Tag[]): readonly Tag[] {
  if (above.length === 0) return below;
  const taken = new Set(above.map(tag => tag.key.toLowerCase()));
  return [...below.filter(tag => !taken.has(tag.key.toLowerCase())), ...above];
}

/** How messages name a principal. */
export function principalName(principal: Principal): string {
  switch (principal.kind) {
    case 'service':
      return principal.service;
    case 'web-identity':
      return principal.provider;
    case 'anonymous':
      return 'anonymous';
    default:
      return principal.arn;
  }
}
