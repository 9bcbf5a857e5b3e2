/** May the caller assume the role? Asks the role's trust policy, and the caller's own policies across accounts. */
import {
  authorizeAssumeRole,
  type Decision,
  type DeniedRequest,
  entityNameOf,
  type IamView,
  type RoleRecord,
  splitArn,
} from '@stormglass/identity';
import { accessDenied, type Call, type ConditionKeys, withKeys } from '@stormglass/service-kit';
import type { StsDeps } from './deps.ts';
import { notAuthorized, validationError } from './errors.ts';
import { type AssumeRoleInput, type SessionTags, sourceIdentityOf } from './session-request.ts';

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
  const { RoleArn } = input;
  const arn = splitArn(RoleArn);
  if (arn?.service !== 'iam' || !arn.resource.startsWith('role/')) throw validationError('Request ARN is invalid');
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
  for (const action of actionsOf(tags, source)) {
    const decision = authorizeAssumeRole(view, role, { principal, action, context, now });
    if (!decision.allowed) return denied(action, decision);
  }
  return role;
}

/** Tags and source identity need their own permission beside that to assume the role. */
function actionsOf(tags: SessionTags, sourceIdentity: string | undefined): readonly string[] {
  const actions = ['sts:AssumeRole'];
  if (tags.passed.length > 0) actions.push('sts:TagSession');
  if (sourceIdentity !== undefined) actions.push('sts:SetSourceIdentity');
  return actions;
}

function trustKeys(input: AssumeRoleInput, tags: SessionTags, sourceIdentity: string | undefined): ConditionKeys {
  const keys: Record<string, string | readonly string[] | undefined> = {
    'sts:ExternalId': input.ExternalId,
    'sts:RoleSessionName': input.RoleSessionName,
    'sts:SourceIdentity': sourceIdentity,
    'sts:TransitiveTagKeys': tags.transitiveKeys.length === 0 ? undefined : tags.transitiveKeys,
    'aws:TagKeys': tags.passed.length === 0 ? undefined : tags.passed.map(tag => tag.key),
  };
  for (const { key, value } of tags.passed) keys[`aws:RequestTag/${key}`] = value;
  return keys;
}

/** The role with exactly this ARN; its path counts. */
function roleByArn(view: IamView, arn: string): RoleRecord | undefined {
  const { account, resource } = splitArn(arn)!;
  const role = view.role(account, entityNameOf(resource));
  return role?.arn === arn ? role : undefined;
}
