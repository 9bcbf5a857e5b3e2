/** What a refused caller reads: AWS's own sentence, which says what kind of policy was in the way. */
import type { Decision, PolicyType } from './policy-evaluator.ts';
import { type Principal, principalName } from './principal.ts';

export interface DeniedRequest {
  readonly principal: Principal;
  readonly action: string;
  readonly resource: string;
}

const MISSING: Record<PolicyType, string> = {
  identity: 'no identity-based policy',
  boundary: 'no permissions boundary',
  session: 'no session policy',
  resource: 'no resource-based policy',
  trust: 'no role trust policy',
};

const EXPLICIT: Record<PolicyType, string> = {
  identity: 'an identity-based policy',
  boundary: 'a permissions boundary',
  session: 'a session policy',
  resource: 'a resource-based policy',
  trust: 'the role trust policy',
};

/** The message of an `AccessDenied` for `decision`. */
export function denialMessage(request: DeniedRequest, decision: Decision & { readonly allowed: false }): string {
  const { principal, action, resource } = request;
  const subject = `User: ${principalName(principal)} is not authorized to perform: ${action} on resource: ${resource}`;
  if (decision.explicit) return `${subject} with an explicit deny in ${EXPLICIT[decision.by]}`;
  return `${subject} because ${MISSING[decision.by]} allows the ${action} action`;
}
