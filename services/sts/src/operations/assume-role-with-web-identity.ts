/**
 * Hands out a session of a role to somebody with a token of an identity provider that the role's account trusts. Nothing
 * is signed: the token says who calls.
 */
import { sessionArn, splitArn } from '@stormglass/identity';
import { type UnsignedCall, unsignedOperation } from '@stormglass/service-kit';
import type { StsClient, StsDeps } from '../deps.ts';
import { notAuthorizedWithWebIdentity, rejectedClaim } from '../errors.ts';
import { roleClaims, sealedCredentials } from '../new-session.ts';
import { checkRoleArn } from '../role-lookup.ts';
import { roleSessionSeconds } from '../session-duration.ts';
import { packedPolicySize, sessionPolicies } from '../session-policies.ts';
import { sessionTags } from '../session-tags.ts';
import { verifyWebIdentity } from '../web-identity/web-identity.ts';
import { roleForWebIdentity, type WebIdentityAsked } from '../web-identity/web-identity-trust.ts';

export const assumeRoleWithWebIdentity = unsignedOperation<StsClient, 'AssumeRoleWithWebIdentity', StsDeps>({
  name: 'AssumeRoleWithWebIdentity',
  gaps: [
    'OpenID Connect only: with a `ProviderId`, as OAuth 2.0 providers have one, the call is refused with `IDPRejectedClaim`.',
    'An issuer on this machine may speak plain HTTP. Any other is believed if its certificate leads to a root that Node trusts, to one in the file that `NODE_EXTRA_CA_CERTS` names, or to a thumbprint of the provider.',
    '`PackedPolicySize` is computed from our own packed form; `MinimumSessionTokenSize` is ignored.',
  ],
  async handle(input, call, deps) {
    const { RoleArn, RoleSessionName, WebIdentityToken, ProviderId } = input;
    checkRoleArn(RoleArn);
    if (ProviderId !== undefined)
      throw rejectedClaim(`${ProviderId}: tokens of OAuth 2.0 providers cannot be verified here.`);
    const { iam, issuerKeys: keys } = deps;
    const who = await verifyWebIdentity(WebIdentityToken, splitArn(RoleArn)!.account, { iam, keys, now: call.now });
    const tags = sessionTags(who.tags, who.transitiveTagKeys, undefined);
    const role = await trusting({ roleArn: RoleArn, sessionName: RoleSessionName, who, tags }, call, deps);
    const seconds = roleSessionSeconds(input.DurationSeconds, role, undefined);
    const policies = sessionPolicies(input, role.accountId, iam.view);
    const packedSize = packedPolicySize(policies, tags.all);
    const { sourceIdentity, provider } = who;
    const claims = roleClaims(
      { role, sessionName: RoleSessionName, seconds, policies, tags, sourceIdentity, federatedProvider: provider.arn },
      call,
      deps,
    );
    return {
      Credentials: await sealedCredentials(claims, call, deps),
      SubjectFromWebIdentityToken: who.subject,
      AssumedRoleUser: {
        AssumedRoleId: `${role.id}:${RoleSessionName}`,
        Arn: sessionArn(call.partition, role.accountId, role.name, RoleSessionName),
      },
      Provider: provider.arn,
      Audience: who.audience[0],
      PackedPolicySize: packedSize,
      SourceIdentity: sourceIdentity,
    };
  },
});

async function trusting(asked: WebIdentityAsked, call: UnsignedCall, { iam }: StsDeps) {
  let role = roleForWebIdentity(asked, iam.view, call);
  if (typeof role === 'string') {
    await iam.catchUp().catch(() => {});
    role = roleForWebIdentity(asked, iam.view, call);
  }
  if (typeof role === 'string') throw notAuthorizedWithWebIdentity(role);
  return role;
}
