/**
 * The verdict over all policies that bear on a request (IAM User Guide, "Policy evaluation logic"): an explicit denial
 * anywhere wins; then somebody entitled to must allow, and boundary and session policies must not be narrower.
 */
import type { CompiledPolicy, CompiledStatement } from './policy-compiler.ts';
import { hasAccount, isRoot, type Principal } from './principal.ts';
import { closer, type PrincipalMatch } from './principal-matcher.ts';
import type { RequestContext } from './request-context.ts';
import { indexOf } from './statement-index.ts';

export type PolicyType = 'identity' | 'boundary' | 'session' | 'resource' | 'trust';

export interface EvaluationRequest {
  /** `service:Action` as the service spells it. */
  readonly action: string;
  /** ARN of the resource, or `*` for actions that have none. */
  readonly resource: string;
  /** Account that owns the resource. */
  readonly resourceAccount: string;
  readonly principal: Principal;
  readonly context: RequestContext;
}

export interface PolicySets {
  /** Policies of the user or role, inline and managed. Ignored for principals that have none. */
  readonly identity: readonly CompiledPolicy[];
  readonly boundary?: CompiledPolicy | undefined;
  /** Session policies: all of them together are one set. */
  readonly session?: readonly CompiledPolicy[] | undefined;
  /** Policy of the resource, or the trust policy of the role to be assumed. */
  readonly resource?: CompiledPolicy | undefined;
  /**
   * Whether the resource policy must allow, even inside the account: so it is for the trust policy of a role.
   * Elsewhere either side may allow inside an account.
   */
  readonly resourcePolicyRequired?: boolean;
}

/** `explicit`: a statement denied it. Otherwise nothing of the kind named in `by` allowed it. */
export type Decision =
  | { readonly allowed: true }
  | { readonly allowed: false; readonly explicit: boolean; readonly by: PolicyType };

/** What one kind of policy says by itself. */
export type Verdict = 'allow' | 'deny' | 'silent';

/** What each kind of policy says. `boundary` and `session` are absent where there are none. */
export interface Verdicts {
  readonly identity: Verdict;
  readonly boundary: Verdict | undefined;
  readonly session: Verdict | undefined;
  readonly resource: PrincipalMatch | 'deny';
}

const ALLOWED: Decision = { allowed: true };
const denied = (by: PolicyType, explicit: boolean): Decision => ({ allowed: false, explicit, by });

/** Pure and total: the same policies and the same request give the same decision, everywhere. */
export function evaluate(sets: PolicySets, request: EvaluationRequest): Decision {
  const identity = isRoot(request.principal) ? 'allow' : verdictOf(sets.identity, request);
  if (identity === 'deny') return denied('identity', true);
  const boundary = sets.boundary && verdictOf(sets.boundary.alone, request);
  if (boundary === 'deny') return denied('boundary', true);
  const session = sets.session && verdictOfEach(sets.session, request);
  if (session === 'deny') return denied('session', true);
  const resource = sets.resource === undefined ? 'no' : grantOf(sets.resource, request);
  return conclude({ identity, boundary, session, resource }, sets, request);
}

/** The decision that follows from what each kind of policy says. */
export function conclude(
  { identity, boundary = 'allow', session = 'allow', resource }: Verdicts,
  { resourcePolicyRequired }: PolicySets,
  { principal, resourceAccount }: EvaluationRequest,
): Decision {
  const resourceType: PolicyType = resourcePolicyRequired ? 'trust' : 'resource';
  if (identity === 'deny') return denied('identity', true);
  if (boundary === 'deny') return denied('boundary', true);
  if (session === 'deny') return denied('session', true);
  if (resource === 'deny') return denied(resourceType, true);

  // Services, strangers and those who bring a token have no policies of their own: the resource decides alone.
  if (!hasAccount(principal)) return resource === 'no' ? denied(resourceType, false) : ALLOWED;

  const sameAccount = principal.accountId === resourceAccount;
  const resourceMustAllow = !sameAccount || resourcePolicyRequired === true;
  if (resourceMustAllow && resource === 'no') return denied(resourceType, false);
  // Naming the user or session itself grants past boundary and session policies; naming who is behind it does not.
  if (sameAccount && resource === 'direct') return ALLOWED;
  const resourceGrants = sameAccount && resource === 'entity';
  if (identity !== 'allow' && !resourceGrants) return denied('identity', false);
  if (boundary !== 'allow') return denied('boundary', false);
  return session === 'allow' ? ALLOWED : denied('session', false);
}

function verdictOf(policies: readonly CompiledPolicy[], request: EvaluationRequest): Verdict {
  const found = indexOf(policies).find(request.action, request.resource, statement => applies(statement, request));
  return found === undefined ? 'silent' : found.deny ? 'deny' : 'allow';
}

/** The same for policies that come together for one request only, so that an index of them all would not be used again. */
function verdictOfEach(policies: readonly CompiledPolicy[], request: EvaluationRequest): Verdict {
  let verdict: Verdict = 'silent';
  for (const policy of policies) {
    const one = verdictOf(policy.alone, request);
    if (one === 'deny') return one;
    if (one === 'allow') verdict = one;
  }
  return verdict;
}

/** What a resource or trust policy grants: the closest way in which an allowing statement names the principal. */
function grantOf(policy: CompiledPolicy, request: EvaluationRequest): PrincipalMatch | 'deny' {
  let grant: PrincipalMatch = 'no';
  const decided = indexOf(policy.alone).find(request.action, request.resource, statement => {
    const match = matchOf(statement, request.principal);
    if (match === 'no' || !applies(statement, request)) return false;
    grant = closer(grant, match);
    return statement.deny || grant === 'direct';
  });
  return decided?.deny ? 'deny' : grant;
}

/** How the statement names the principal; those of identity policies mean whoever they are attached to. */
export const matchOf = (statement: CompiledStatement, principal: Principal): PrincipalMatch =>
  statement.principal === undefined ? 'direct' : statement.principal(principal);

/** Whether a statement about this action is also about this resource, under these circumstances. */
export function applies(statement: CompiledStatement, request: EvaluationRequest): boolean {
  if (statement.resources !== undefined && !statement.resources.test(request.resource, request.context)) return false;
  for (const condition of statement.conditions) if (!condition(request.context)) return false;
  return true;
}
