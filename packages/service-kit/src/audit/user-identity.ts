/** Who called, as CloudTrail says it ("CloudTrail userIdentity element" of the CloudTrail User Guide). */
import type {
  AccountPrincipal,
  FederatedUserPrincipal,
  RoleSessionPrincipal,
  SessionFacts,
} from '@stormglass/identity';
import { eventTime } from './times.ts';

export type UserIdentity = Readonly<Record<string, unknown>>;

/** Of a signed call. */
export function userIdentityOf(principal: AccountPrincipal, accessKeyId: string): UserIdentity {
  const { accountId, arn, userId: principalId } = principal;
  const who = { principalId, arn, accountId, accessKeyId };
  switch (principal.kind) {
    case 'root':
      return { type: 'Root', ...who, ...sessionOf(principal.session) };
    case 'user':
      return { type: 'IAMUser', ...who, userName: principal.userName, ...sessionOf(principal.session) };
    case 'assumed-role':
      return { type: 'AssumedRole', ...who, ...sessionOf(principal.session, roleBehind(principal)) };
    case 'federated-user':
      return { type: 'FederatedUser', ...who, ...sessionOf(principal.session, hostOf(principal)) };
  }
}

const roleBehind = ({ roleId, roleArn, accountId, roleName }: RoleSessionPrincipal) => ({
  sessionIssuer: { type: 'Role', principalId: roleId, arn: roleArn, accountId, userName: roleName },
});

/** Whose guest a federated user is. */
const hostOf = ({ user, accountId, arn }: FederatedUserPrincipal) => {
  const partition = arn.split(':', 2)[1] ?? 'aws';
  const root = { type: 'Root', principalId: accountId, arn: `arn:${partition}:iam::${accountId}:root`, accountId };
  if (user === undefined) return { sessionIssuer: root };
  const { userId: principalId, arn: userArn, userName } = user;
  return { sessionIssuer: { type: 'IAMUser', principalId, arn: userArn, accountId, userName } };
};

function sessionOf(session: SessionFacts | undefined, issuer: object = {}): UserIdentity {
  if (session === undefined) return {};
  const { federatedProvider, sourceIdentity, issuedAt, mfaAt } = session;
  const webIdFederationData = federatedProvider === undefined ? {} : { federatedProvider, attributes: {} };
  const attributes = { creationDate: eventTime(issuedAt * 1000), mfaAuthenticated: String(mfaAt !== undefined) };
  const source = sourceIdentity === undefined ? {} : { sourceIdentity };
  return { sessionContext: { sessionIssuer: {}, ...issuer, webIdFederationData, ...source, attributes } };
}

/** A caller in the account whose role it assumed: that account is told where he comes from, and no more. */
export const foreignIdentity = ({ userId: principalId, accountId }: AccountPrincipal): UserIdentity => ({
  type: 'AWSAccount',
  principalId,
  accountId,
});

/** What an identity provider said of somebody, where it could be read. */
export interface WebIdentity {
  readonly provider: string;
  readonly audience: string;
  readonly subject: string;
}

/** Of a call that is not signed, and proves who makes it with a web identity token. */
export const webIdentityOf = ({ provider, audience, subject }: WebIdentity): UserIdentity => ({
  type: 'WebIdentityUser',
  principalId: `${provider}:${audience}:${subject}`,
  userName: subject,
  identityProvider: provider,
});

/** The name that `LookupEvents` finds events by. */
export function userNameOf(principal: AccountPrincipal): string {
  switch (principal.kind) {
    case 'root':
      return 'root';
    case 'user':
      return principal.userName;
    case 'assumed-role':
      return principal.sessionName;
    case 'federated-user':
      return principal.federatedName;
  }
}
