/**
 * From the access key id of a request to the principal behind it and the secret its signature must have been made with.
 * Reads only the local IAM replica: any zone can do it alone.
 */
import { isDefaultRegion } from '@stormglass/base';
import type { AccessKeyRecord } from './iam/records.ts';
import type { IamView } from './iam/view.ts';
import {
  type AccountPrincipal,
  federatedUserArn,
  mergeTags,
  rootPrincipal,
  type SessionFacts,
  sessionArn,
} from './principal.ts';
import {
  type FederatedClaims,
  openSession,
  type RoleClaims,
  type SessionClaims,
  type UserClaims,
} from './session-token.ts';

export interface PresentedCredentials {
  readonly accessKeyId: string;
  readonly sessionToken?: string | undefined;
  /** Where they are presented: tokens of version 1 do not count everywhere. */
  readonly region: string;
  /** Ms since the epoch. */
  readonly now: number;
}

/** Why credentials do not count. `invalid` covers everything a stranger should not be told apart. */
export type AuthenticationFailure = 'invalid' | 'expired';

export type Authentication =
  | { readonly ok: true; readonly principal: AccountPrincipal; readonly secretAccessKey: string }
  | { readonly ok: false; readonly reason: AuthenticationFailure };

const INVALID: Authentication = { ok: false, reason: 'invalid' };

/**
 * Credentials every emulator has, and that its users expect: `test`/`test` is the root of account 000000000000, and an
 * access key id of twelve digits, with the secret `test`, is the root of that account.
 */
export const DEVELOPMENT = { accessKeyId: 'test', secretAccessKey: 'test', accountId: '000000000000' } as const;

const ACCOUNT_ID = /^\d{12}$/;

/** Finds the principal; checking the signature against the secret is the caller's part. */
export function authenticate(view: IamView, presented: PresentedCredentials): Authentication {
  const found = find(view, presented);
  return found.ok && !view.admits(found.principal.accountId) ? INVALID : found;
}

function find(view: IamView, presented: PresentedCredentials): Authentication {
  const { accessKeyId } = presented;
  const account = developmentAccount(accessKeyId);
  if (account !== undefined) {
    const principal = rootPrincipal(view.partition, account);
    return { ok: true, principal, secretAccessKey: DEVELOPMENT.secretAccessKey };
  }
  if (accessKeyId.startsWith('ASIA')) return authenticateSession(view, presented);
  // A session token beside a long-term key is somebody else's.
  if (presented.sessionToken !== undefined) return INVALID;
  const key = view.accessKey(accessKeyId);
  return key === undefined ? INVALID : authenticateUser(view, key);
}

function developmentAccount(accessKeyId: string): string | undefined {
  if (accessKeyId === DEVELOPMENT.accessKeyId) return DEVELOPMENT.accountId;
  return ACCOUNT_ID.test(accessKeyId) ? accessKeyId : undefined;
}

function authenticateUser(view: IamView, key: AccessKeyRecord): Authentication {
  const user = view.user(key.accountId, key.userName);
  if (key.status !== 'Active' || user === undefined) return INVALID;
  return { ok: true, principal: view.principalForUser(user), secretAccessKey: key.secret };
}

function authenticateSession(view: IamView, presented: PresentedCredentials): Authentication {
  if (presented.sessionToken === undefined) return INVALID;
  const opened = openSession(view.tokenKeys(), presented.accessKeyId, presented.sessionToken, presented.now);
  if (!opened.ok) return opened;
  if (opened.claims.origin === undefined && !isDefaultRegion(presented.region)) return INVALID;
  const principal = principalOfSession(view, opened.claims);
  return principal === undefined ? INVALID : { ok: true, principal, secretAccessKey: opened.secretAccessKey };
}

/** The principal a session stands for; undefined once the role or user behind it is gone. */
export function principalOfSession(view: IamView, claims: SessionClaims): AccountPrincipal | undefined {
  switch (claims.subject) {
    case 'role':
      return roleSession(view, claims);
    case 'user':
      return userSession(view, claims);
    case 'root':
      return { ...rootPrincipal(view.partition, claims.accountId), session: factsOf(claims) };
    case 'federated':
      return federatedSession(view, claims);
  }
}

function roleSession(view: IamView, claims: RoleClaims): AccountPrincipal | undefined {
  const role = view.role(claims.accountId, claims.roleName);
  // A role made anew under the old name is another role, and says so by its id.
  if (role === undefined || role.id !== claims.roleId) return undefined;
  return {
    kind: 'assumed-role',
    accountId: claims.accountId,
    arn: sessionArn(view.partition, claims.accountId, role.name, claims.sessionName),
    userId: `${role.id}:${claims.sessionName}`,
    roleName: role.name,
    roleId: role.id,
    roleArn: role.arn,
    sessionName: claims.sessionName,
    tags: mergeTags(role.tags, claims.tags ?? []),
    transitiveTagKeys: claims.transitiveTagKeys ?? [],
    session: {
      ...factsOf(claims),
      ...narrowing(claims),
      ...(claims.federatedProvider === undefined ? {} : { federatedProvider: claims.federatedProvider }),
    },
  };
}

/** A guest goes with the user who brought it in; guests of root stay. */
function federatedSession(view: IamView, claims: FederatedClaims): AccountPrincipal | undefined {
  const { accountId, name } = claims;
  const host = claims.user && view.user(accountId, claims.user.userName);
  if (claims.user !== undefined && host?.id !== claims.user.userId) return undefined;
  return {
    kind: 'federated-user',
    accountId,
    arn: federatedUserArn(view.partition, accountId, name),
    userId: `${accountId}:${name}`,
    federatedName: name,
    ...(host === undefined ? {} : { user: { userName: host.name, arn: host.arn, userId: host.id } }),
    tags: mergeTags(host?.tags ?? [], claims.tags ?? []),
    session: { ...factsOf(claims), ...narrowing(claims) },
  };
}

const narrowing = ({
  policy,
  policyArns,
}: RoleClaims | FederatedClaims): Pick<SessionFacts, 'policy' | 'policyArns'> => ({
  ...(policy === undefined ? {} : { policy }),
  ...(policyArns === undefined ? {} : { policyArns }),
});

function userSession(view: IamView, claims: UserClaims): AccountPrincipal | undefined {
  const user = view.user(claims.accountId, claims.userName);
  if (user === undefined || user.id !== claims.userId) return undefined;
  return { ...view.principalForUser(user), session: factsOf(claims) };
}

const factsOf = (claims: SessionClaims): SessionFacts => ({
  issuedAt: claims.issuedAt,
  expiresAt: claims.expiresAt,
  ...(claims.sourceIdentity === undefined ? {} : { sourceIdentity: claims.sourceIdentity }),
});
