/** May this principal do this? Gathers the policies that bear on the request from the local IAM replica. */
import type { EntityRecord, RoleRecord } from './iam/records.ts';
import type { IamView } from './iam/view.ts';
import { type CompiledPolicy, compilePolicyText } from './policy-compiler.ts';
import { type Decision, evaluate, type PolicySets } from './policy-evaluator.ts';
import { type AccountPrincipal, hasAccount, type Principal, type SessionFacts } from './principal.ts';
import { principalContext } from './principal-context.ts';
import { EMPTY_CONTEXT, type RequestContext } from './request-context.ts';

export interface AuthorizationRequest {
  readonly principal: Principal;
  /** `service:Action`. */
  readonly action: string;
  /** ARN, or `*` where the action has no resource. */
  readonly resource: string;
  /** Owner of the resource; the caller's own account when absent. */
  readonly resourceAccount?: string | undefined;
  /** Policy of the resource, compiled by the service that keeps it. */
  readonly resourcePolicy?: CompiledPolicy | undefined;
  /** The service's own condition keys. Those of the principal and the time are added here. */
  readonly context?: RequestContext | undefined;
  /** Ms since the epoch. */
  readonly now: number;
}

const NONE: PolicySets = { identity: [] };

export function authorize(view: IamView, request: AuthorizationRequest): Decision {
  return decide(view, request, request.resourcePolicy, false);
}

/**
 * May this principal assume the role, as far as policies go? The trust policy must allow it; from another account the
 * caller's own policies must, too.
 */
export function authorizeAssumeRole(
  view: IamView,
  role: RoleRecord,
  request: Omit<AuthorizationRequest, 'resource' | 'resourceAccount' | 'resourcePolicy'>,
): Decision {
  const about = { ...request, resource: role.arn, resourceAccount: role.accountId };
  return decide(view, about, view.trustPolicyOf(role), true);
}

function decide(
  view: IamView,
  request: AuthorizationRequest,
  resource: CompiledPolicy | undefined,
  resourcePolicyRequired: boolean,
): Decision {
  const { principal, action, now } = request;
  const resourceAccount = request.resourceAccount ?? (hasAccount(principal) ? principal.accountId : '');
  const context = principalContext({ principal, resourceAccount, now, context: request.context ?? EMPTY_CONTEXT });
  const sets = { ...setsOf(view, principal), resource, resourcePolicyRequired };
  return evaluate(sets, { principal, action, resource: request.resource, resourceAccount, context });
}

/** The caller's own policies as they stand now. An entity deleted since it was authenticated has none left. */
function setsOf(view: IamView, principal: Principal): PolicySets {
  if (!hasAccount(principal)) return NONE;
  const session = principal.session && sessionPolicies(view, principal);
  const entity = entityOf(view, principal);
  if (entity === undefined) return { identity: NONE.identity, session };
  const { identity, boundary } = view.policiesOf(entity);
  return { identity, boundary, session };
}

function entityOf(view: IamView, principal: AccountPrincipal): EntityRecord | undefined {
  switch (principal.kind) {
    case 'root':
      return undefined;
    case 'user':
      return view.user(principal.accountId, principal.userName);
    case 'assumed-role':
      return view.role(principal.accountId, principal.roleName);
    case 'federated-user':
      return principal.user && view.user(principal.accountId, principal.user.userName);
  }
}

/** A session policy arrives with every request of its session; the last few hundred texts stay compiled. */
const REMEMBERED_POLICIES_MAX = 512;
const sessionPolicyTexts = new Map<string, CompiledPolicy>();

function sessionPolicies(view: IamView, principal: AccountPrincipal): readonly CompiledPolicy[] | undefined {
  const session: Partial<SessionFacts> = principal.session ?? {};
  if (session.policy === undefined && session.policyArns === undefined)
    return principal.kind === 'federated-user' ? [] : undefined;
  const policies: CompiledPolicy[] = [];
  if (session.policy !== undefined) policies.push(compiledText(session.policy));
  for (const arn of session.policyArns ?? []) {
    const policy = view.compiledManagedPolicy(arn);
    if (policy !== undefined) policies.push(policy);
  }
  return policies;
}

function compiledText(text: string): CompiledPolicy {
  const known = sessionPolicyTexts.get(text);
  if (known !== undefined) return known;
  if (sessionPolicyTexts.size >= REMEMBERED_POLICIES_MAX) sessionPolicyTexts.clear();
  const compiled = compilePolicyText(text, 'session');
  sessionPolicyTexts.set(text, compiled);
  return compiled;
}
