/**
 * The verdict over all policies that bear on a request (IAM User Guide, "Policy evaluation logic"): an explicit denial
 * anywhere wins; then somebody entitled to must allow, and boundary and session policies must not be narrower.
 */
import type { CompiledPolicy, CompiledStatement } from './policy-compiler.ts';
import { hasAccount, type Principal } from './principal.ts';
import { closer, type PrincipalMatch } from './principal-matcher.ts';
import type { RequestContext } from './request-context.ts';

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

type Verdict = 'allow' | 'deny' | 'silent';

const ALLOWED: Decision = { allowed: true };
const denied = (by: PolicyType, explicit: boolean): Decision => ({ allowed: false, explicit, by });

/** Pure and total: the same policies and the same request give the same decision, everywhere. */
export function evaluate(sets: PolicySets, request: EvaluationRequest): Decision {
  const resourceType: PolicyType = sets.resourcePolicyRequired ? 'trust' : 'resource';
  const identity = identityVerdict(sets, request);
  if (identity === 'deny') return denied('identity', true);
  const boundary = sets.boundary === undefined ? 'allow' : verdictOf(sets.boundary, request);
  if (boundary === 'deny') return denied('boundary', true);
  const session = sets.session === undefined ? 'allow' : verdictOfAll(sets.session, request);
  if (session === 'deny') return denied('session', true);
  const grant = sets.resource === undefined ? 'no' : grantOf(sets.resource, request);
  if (grant === 'deny') return denied(resourceType, true);

  // Services and anonymous callers have no policies of their own: the resource decides alone.
  if (!hasAccount(request.principal)) return grant === 'no' ? denied(resourceType, false) : ALLOWED;

  const sameAccount = request.principal.accountId === request.resourceAccount;
  const resourceMustAllow = !sameAccount || sets.resourcePolicyRequired === true;
  if (resourceMustAllow && grant === 'no') return denied(resourceType, false);
  // Naming the user or session itself grants past boundary and session policies; naming its role does not.
  if (sameAccount && grant === 'direct') return ALLOWED;
  const resourceGrants = sameAccount && grant === 'role';
  if (identity !== 'allow' && !resourceGrants) return denied('identity', false);
  if (boundary !== 'allow') return denied('boundary', false);
  return session === 'allow' ? ALLOWED : denied('session', false);
}

/** The root of an account needs no policies: it may do everything its account may do. */
function identityVerdict(sets: PolicySets, request: EvaluationRequest): Verdict {
  return request.principal.kind === 'root' ? 'allow' : verdictOfAll(sets.identity, request);
}

function verdictOfAll(policies: readonly CompiledPolicy[], request: EvaluationRequest): Verdict {
  let verdict: Verdict = 'silent';
  for (const policy of policies) {
    const one = verdictOf(policy, request);
    if (one === 'deny') return 'deny';
    if (one === 'allow') verdict = 'allow';
  }
  return verdict;
}

function verdictOf(policy: CompiledPolicy, request: EvaluationRequest): Verdict {
  // Denials come first in this list, so the first statement that applies is the policy's answer.
  for (const statement of policy.about(request.action)) {
    if (applies(statement, request)) return statement.deny ? 'deny' : 'allow';
  }
  return 'silent';
}

/** What a resource or trust policy grants: the closest way in which an allowing statement names the principal. */
function grantOf(policy: CompiledPolicy, request: EvaluationRequest): PrincipalMatch | 'deny' {
  let grant: PrincipalMatch = 'no';
  for (const statement of policy.about(request.action)) {
    const match = matchOf(statement, request.principal);
    if (match === 'no' || !applies(statement, request)) continue;
    if (statement.deny) return 'deny';
    grant = closer(grant, match);
  }
  return grant;
}

function matchOf(statement: CompiledStatement, principal: Principal): PrincipalMatch {
  const match = statement.principal === undefined ? 'direct' : statement.principal(principal);
  if (!statement.notPrincipal) return match;
  // An allowance for "everyone but these" names nobody in particular: their own policies must allow as well.
  return match === 'no' ? 'account' : 'no';
}

function applies(statement: CompiledStatement, request: EvaluationRequest): boolean {
  if (statement.resource !== undefined && !statement.resource(request.resource, request.context)) return false;
  for (const condition of statement.conditions) if (!condition(request.context)) return false;
  return true;
}
