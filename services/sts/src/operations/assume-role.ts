/**
 * Hands out a session of a role. Nothing is stored: the session is its token, sealed with a key that every zone has, so
 * any zone can do this alone, and no two calls get the same token.
 */
import { defined } from '@stormglass/base';
import { type RoleClaims, type RoleRecord, sealSession, sessionArn } from '@stormglass/identity';
import { type Call, operation } from '@stormglass/service-kit';
import type { StsClient, StsDeps } from '../deps.ts';
import { contextsNotSupported, mfaFailed } from '../errors.ts';
import { assumableRole } from '../role-trust.ts';
import { packedPolicySize, sessionPolicies } from '../session-policies.ts';
import { type AssumeRoleInput, sessionSeconds, sessionTags, sourceIdentityOf } from '../session-request.ts';
import { shownCredentials } from '../shown-credentials.ts';
import { whenTokenKey } from '../token-key.ts';
import { originOf } from '../token-version.ts';

export const assumeRole = operation<StsClient, 'AssumeRole', StsDeps>({
  name: 'AssumeRole',
  state: 'local-read',
  // The trust policy decides; `role-trust.ts` asks it.
  permission: 'none',
  gaps: [
    'The root of an account may assume roles whose trust policy lets it; AWS answers `Roles may not be assumed by root accounts.` Development credentials are a root, and are expected to assume roles.',
    '`PackedPolicySize` is computed from our own packed form.',
    'There are no MFA devices: `SerialNumber` and `TokenCode` always fail. `ProvidedContexts` is refused.',
  ],
  async handle(input, call, deps) {
    refuseUnsupported(input);
    const { principal } = call;
    const tags = sessionTags(input, principal);
    const role = await assumableRole(input, tags, call, deps);
    const seconds = sessionSeconds(input.DurationSeconds, role, principal);
    const policies = sessionPolicies(input, role, deps.iam.view);
    const packedSize = packedPolicySize(policies, tags);

    const sourceIdentity = sourceIdentityOf(input, principal);
    const claims: RoleClaims = {
      ...newSession(input.RoleSessionName, role, call, seconds),
      ...originOf(role.accountId, call, deps),
      ...policies,
      ...(tags.all.length === 0 ? {} : { tags: tags.all }),
      ...(tags.transitiveKeys.length === 0 ? {} : { transitiveTagKeys: tags.transitiveKeys }),
      ...defined({ sourceIdentity }),
    };
    const sealed = sealSession(await whenTokenKey(deps, call.deadline), claims, deps.random);
    return {
      Credentials: shownCredentials(sealed, claims),
      AssumedRoleUser: {
        AssumedRoleId: `${role.id}:${claims.sessionName}`,
        Arn: sessionArn(call.partition, role.accountId, role.name, claims.sessionName),
      },
      PackedPolicySize: packedSize,
      SourceIdentity: sourceIdentity,
    };
  },
});

function refuseUnsupported({ SerialNumber, TokenCode, ProvidedContexts }: AssumeRoleInput): void {
  if (SerialNumber !== undefined || TokenCode !== undefined) throw mfaFailed();
  if (ProvidedContexts !== undefined) throw contextsNotSupported();
}

function newSession(sessionName: string, role: RoleRecord, { now }: Call, seconds: number) {
  const issuedAt = Math.floor(now / 1000);
  const { accountId, name: roleName, id: roleId } = role;
  return {
    subject: 'role',
    accountId,
    roleName,
    roleId,
    sessionName,
    issuedAt,
    expiresAt: issuedAt + seconds,
  } as const;
}
