/**
 * Hands out a session of a role. Nothing is stored: the session is its token, sealed with a key that every zone has, so
 * any zone can do this alone, and no two calls get the same token.
 */
import { sessionArn } from '@stormglass/identity';
import { operation } from '@stormglass/service-kit';
import { type AssumeRoleInput, assumableRole, sourceIdentityOf } from '../assumable-role.ts';
import type { StsClient, StsDeps } from '../deps.ts';
import { contextsNotSupported, mfaFailed, withSession } from '../errors.ts';
import { roleClaims, sealedCredentials } from '../new-session.ts';
import { roleSessionSeconds } from '../session-duration.ts';
import { packedPolicySize, sessionPolicies } from '../session-policies.ts';
import { readTags, sessionTags } from '../session-tags.ts';

export const assumeRole = operation<StsClient, 'AssumeRole', StsDeps>({
  name: 'AssumeRole',
  state: 'local-read',
  // The trust policy decides; `assumable-role.ts` asks it.
  permission: 'none',
  gaps: [
    'The root of an account may assume roles whose trust policy lets it; AWS answers `Roles may not be assumed by root accounts.` Development credentials are a root, and are expected to assume roles.',
    '`PackedPolicySize` is computed from our own packed form; `MinimumSessionTokenSize` is ignored.',
    'There are no MFA devices: `SerialNumber` and `TokenCode` always fail. `ProvidedContexts` is refused.',
  ],
  async handle(input, call, deps) {
    refuseUnsupported(input);
    const { principal } = call;
    if (principal.kind === 'federated-user') throw withSession('AssumeRole');
    const tags = sessionTags(readTags(input.Tags), input.TransitiveTagKeys ?? [], principal);
    const role = await assumableRole(input, tags, call, deps);
    const seconds = roleSessionSeconds(input.DurationSeconds, role, principal);
    const policies = sessionPolicies(input, role.accountId, deps.iam.view);
    const packedSize = packedPolicySize(policies, tags.all);
    const sourceIdentity = sourceIdentityOf(input, principal);
    const sessionName = input.RoleSessionName;
    const claims = roleClaims({ role, sessionName, seconds, policies, tags, sourceIdentity }, call, deps);
    return {
      Credentials: await sealedCredentials(claims, call, deps),
      AssumedRoleUser: {
        AssumedRoleId: `${role.id}:${sessionName}`,
        Arn: sessionArn(call.partition, role.accountId, role.name, sessionName),
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
