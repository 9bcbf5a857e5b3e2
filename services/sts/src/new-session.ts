/** What all new sessions have in common: when they begin and end, where they come from, and how they are sealed. */
import type { Credentials } from '@aws-sdk/client-sts';
import { defined } from '@stormglass/base';
import { type RoleClaims, type RoleRecord, type SessionClaims, sealSession } from '@stormglass/identity';
import type { UnsignedCall } from '@stormglass/service-kit';
import type { StsDeps } from './deps.ts';
import type { SessionPolicies } from './session-policies.ts';
import type { SessionTags } from './session-tags.ts';
import { whenTokenKey } from './token-key.ts';
import { originOf } from './token-version.ts';

/** The claims about the session itself. */
export function sessionFrame(accountId: string, seconds: number, call: UnsignedCall, deps: StsDeps) {
  const issuedAt = Math.floor(call.now / 1000);
  return { accountId, issuedAt, expiresAt: issuedAt + seconds, ...originOf(accountId, call, deps) };
}

export interface NewRoleSession {
  readonly role: RoleRecord;
  readonly sessionName: string;
  readonly seconds: number;
  readonly policies: SessionPolicies;
  readonly tags: SessionTags;
  readonly sourceIdentity?: string | undefined;
  readonly federatedProvider?: string;
}

export function roleClaims(asked: NewRoleSession, call: UnsignedCall, deps: StsDeps): RoleClaims {
  const { role, sessionName, seconds, policies, tags, sourceIdentity, federatedProvider } = asked;
  return {
    subject: 'role',
    ...{ roleName: role.name, roleId: role.id, sessionName },
    ...sessionFrame(role.accountId, seconds, call, deps),
    ...policies,
    ...(tags.all.length === 0 ? {} : { tags: tags.all }),
    ...(tags.transitiveKeys.length === 0 ? {} : { transitiveTagKeys: tags.transitiveKeys }),
    ...defined({ sourceIdentity, federatedProvider }),
  };
}

/**
 * Credentials as STS answers them.
 * @throws AwsError when no key to seal with comes up before the deadline of the call
 */
export async function sealedCredentials(
  claims: SessionClaims,
  { deadline }: UnsignedCall,
  deps: StsDeps,
): Promise<Credentials> {
  const sealed = sealSession(await whenTokenKey(deps, deadline), claims, deps.random);
  return {
    AccessKeyId: sealed.accessKeyId,
    SecretAccessKey: sealed.secretAccessKey,
    SessionToken: sealed.sessionToken,
    Expiration: new Date(claims.expiresAt * 1000),
  };
}
