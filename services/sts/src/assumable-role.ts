/** May the caller assume the role? Asks the role's trust policy, and the caller's own policies across accounts. */
import type { AssumeRoleRequest } from '@aws-sdk/client-sts';
import {
  type AccountPrincipal,
  authorizeAssumeRole,
  type Decision,
  type DeniedRequest,
  type IamView,
  type RoleRecord,
} from '@stormglass/identity';
import { accessDenied, type Call, type ConditionKeys, withKeys } from '@stormglass/service-kit';
import type { StsDeps } from './deps.ts';
import { notAuthorized } from './errors.ts';
import { checkRoleArn, roleByArn, trustedActions } from './role-lookup.ts';
import { type SessionTags, tagKeys } from './session-tags.ts';

export type AssumeRoleInput = Omit<AssumeRoleRequest, 'RoleArn' | 'RoleSessionName'> & {
  readonly RoleArn: string;
  readonly RoleSessionName: string;
};

/** A source identity stays with a chain of sessions from its first to its last. */
export const sourceIdentityOf = (input: AssumeRoleInput, caller: AccountPrincipal): string | undefined =>
  caller.session?.sourceIdentity ?? input.SourceIdentity;

/** The role, or what was denied; without a decision when the role does not exist. */
type Verdict = RoleRecord | (DeniedRequest & { readonly decision?: Denial });
type Denial = Decision & { readonly allowed: false };

const isRole = (verdict: Verdict): verdict is RoleRecord => 'kind' in verdict;

/**
 * The role, provided the caller may assume it in the way it asks for.
 * @throws AwsError `AccessDenied` also when there is no such role
 */
export async function assumableRole(
  input: AssumeRoleInput,
  tags: SessionTags,
  call: Call,
  { iam }: StsDeps,
): Promise<RoleRecord> {
  checkRoleArn(input.RoleArn);
  let verdict = verdictOf(iam.view, input, tags, call);
  if (!isRole(verdict) && !verdict.decision?.explicit) {
    // The role or its trust may have been given in another zone a moment ago.
    await iam.catchUp().catch(() => {});
    verdict = verdictOf(iam.view, input, tags, call);
  }
  if (isRole(verdict)) return verdict;
  const { decision, ...denied } = verdict;
  throw decision?.explicit ? accessDenied(denied, decision) : notAuthorized(denied);
}

function verdictOf(view: IamView, input: AssumeRoleInput, tags: SessionTags, call: Call): Verdict {
  const { principal, now } = call;
  const denied = (action: string, decision?: Denial): Verdict => ({
    principal,
    action,
    resource: input.RoleArn,
    ...(decision && { decision }),
  });
  const role = roleByArn(view, input.RoleArn);
  if (role === undefined) return denied('sts:AssumeRole');
  // A chain of sessions has one source identity; another one is refused as if nobody were trusted to set it.
  const source = sourceIdentityOf(input, principal);
  if (input.SourceIdentity !== undefined && input.SourceIdentity !== source) return denied('sts:SetSourceIdentity');
  const context = withKeys(call.facts, () => trustKeys(input, tags, source));
  for (const action of trustedActions('sts:AssumeRole', tags, source)) {
    const decision = authorizeAssumeRole(view, role, { principal, action, context, now });
    if (!decision.allowed) return denied(action, decision);
  }
  return role;
}

function trustKeys(input: AssumeRoleInput, tags: SessionTags, sourceIdentity: string | undefined): ConditionKeys {
  return {
    'sts:ExternalId': input.ExternalId,
    'sts:RoleSessionName': input.RoleSessionName,
    'sts:SourceIdentity': sourceIdentity,
    'sts:TransitiveTagKeys': tags.transitiveKeys.length === 0 ? undefined : tags.transitiveKeys,
    ...tagKeys(tags.passed),
  };
}
