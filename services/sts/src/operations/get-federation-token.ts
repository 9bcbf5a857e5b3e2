/** Hands out credentials of a guest: what the calling user may do, narrowed by the policies given along. */
import { authorize, type FederatedClaims, federatedUserArn } from '@stormglass/identity';
import { accessDenied, type Call, operation, withKeys } from '@stormglass/service-kit';
import type { StsClient, StsDeps } from '../deps.ts';
import { withSession } from '../errors.ts';
import { sealedCredentials, sessionFrame } from '../new-session.ts';
import { ownSessionSeconds } from '../session-duration.ts';
import { packedPolicySize, sessionPolicies } from '../session-policies.ts';
import { readTags, sessionTags, tagKeys } from '../session-tags.ts';

export const getFederationToken = operation<StsClient, 'GetFederationToken', StsDeps>({
  name: 'GetFederationToken',
  state: 'local-read',
  permission: {
    resource: ({ Name }, { partition, accountId }) => federatedUserArn(partition, accountId, String(Name)),
    context: ({ Tags }) => tagKeys(readTags(Tags)),
  },
  gaps: ['`PackedPolicySize` is computed from our own packed form; `MinimumSessionTokenSize` is ignored.'],
  async handle(input, call, deps) {
    const { principal, accountId } = call;
    if (principal.session !== undefined || (principal.kind !== 'user' && principal.kind !== 'root'))
      throw withSession('GetFederationToken');
    const { all: tags } = sessionTags(readTags(input.Tags), [], undefined);
    const policies = sessionPolicies(input, accountId, deps.iam.view);
    const packedSize = packedPolicySize(policies, tags);
    const arn = federatedUserArn(call.partition, accountId, input.Name);
    if (tags.length > 0) mayTag(arn, input, call, deps);
    const claims: FederatedClaims = {
      subject: 'federated',
      name: input.Name,
      ...(principal.kind === 'user' ? { user: { userName: principal.userName, userId: principal.userId } } : {}),
      ...sessionFrame(accountId, ownSessionSeconds(input.DurationSeconds, principal), call, deps),
      ...policies,
      ...(tags.length === 0 ? {} : { tags }),
    };
    return {
      Credentials: await sealedCredentials(claims, call, deps),
      FederatedUser: { FederatedUserId: `${accountId}:${input.Name}`, Arn: arn },
      PackedPolicySize: packedSize,
    };
  },
});

/** @throws AwsError unless the caller may tag sessions */
function mayTag(
  resource: string,
  { Tags }: { readonly Tags?: Parameters<typeof readTags>[0] },
  { principal, facts, now }: Call,
  { iam }: StsDeps,
): void {
  const context = withKeys(facts, () => tagKeys(readTags(Tags)));
  const ask = { principal, action: 'sts:TagSession', resource, context, now };
  const decision = authorize(iam.view, ask);
  if (!decision.allowed) throw accessDenied(ask, decision);
}
