/** What the credentials of CreateSession say: they stand for whoever asked for them, as long as that lasts. */
import { defined } from '@stormglass/base';
import type { AccountPrincipal, SessionClaims } from '@stormglass/identity';

/** "The session token is valid for 5 minutes" (Amazon S3 API Reference, CreateSession). */
const SECONDS = 300;

/** @param now ms since the epoch */
export function sessionClaims(principal: AccountPrincipal, now: number, origin: string): SessionClaims {
  const issuedAt = Math.floor(now / 1000);
  const { accountId, session } = principal;
  const expiresAt = Math.min(issuedAt + SECONDS, session?.expiresAt ?? Number.POSITIVE_INFINITY);
  const frame = { accountId, issuedAt, expiresAt, origin, ...defined({ sourceIdentity: session?.sourceIdentity }) };
  const narrowing = defined({ policy: session?.policy, policyArns: session?.policyArns });
  switch (principal.kind) {
    case 'root':
      return { subject: 'root', ...frame };
    case 'user':
      return { subject: 'user', userName: principal.userName, userId: principal.userId, ...frame };
    case 'assumed-role': {
      const { roleName, roleId, sessionName, tags, transitiveTagKeys } = principal;
      const { federatedProvider } = principal.session;
      const more = { tags, transitiveTagKeys, ...defined({ federatedProvider }) };
      return { subject: 'role', roleName, roleId, sessionName, ...more, ...frame, ...narrowing };
    }
    case 'federated-user': {
      const { federatedName, user, tags } = principal;
      const of = user === undefined ? {} : { user: { userName: user.userName, userId: user.userId } };
      return { subject: 'federated', name: federatedName, tags, ...of, ...frame, ...narrowing };
    }
  }
}
