/**
 * The same decision as `evaluate`, told at length: every statement that applied, and what each kind of policy said. For
 * the policy simulator; requests take the short way.
 */
import type { CompiledPolicy, CompiledStatement } from './policy-compiler.ts';
import {
  applies,
  conclude,
  type Decision,
  type EvaluationRequest,
  matchOf,
  type PolicySets,
  type PolicyType,
  type Verdict,
  type Verdicts,
} from './policy-evaluator.ts';
import { isRoot } from './principal.ts';
import { closer, type PrincipalMatch } from './principal-matcher.ts';

/** A statement that speaks about the request and whose conditions hold. */
export interface MatchedStatement {
  readonly type: PolicyType;
  /** The very object that was given in the policy sets. */
  readonly policy: CompiledPolicy;
  /** `index` is its place in the document. */
  readonly statement: CompiledStatement;
}

export interface EvaluationTrace {
  readonly decision: Decision;
  readonly verdicts: Verdicts;
  /** In the order identity, boundary, session, resource; inside a policy in the order of the document. */
  readonly matched: readonly MatchedStatement[];
}

/** Decides as `evaluate` does, without stopping early. */
export function evaluateTraced(sets: PolicySets, request: EvaluationRequest): EvaluationTrace {
  const resourceType: PolicyType = sets.resourcePolicyRequired ? 'trust' : 'resource';
  const identity = isRoot(request.principal) ? [] : matchedIn('identity', sets.identity, request);
  const boundary = sets.boundary && matchedIn('boundary', [sets.boundary], request);
  const session = sets.session && matchedIn('session', sets.session, request);
  const resource = sets.resource === undefined ? [] : matchedIn(resourceType, [sets.resource], request);
  const verdicts: Verdicts = {
    identity: isRoot(request.principal) ? 'allow' : verdictOf(identity),
    boundary: boundary && verdictOf(boundary),
    session: session && verdictOf(session),
    resource: grantOf(resource, request),
  };
  return {
    decision: conclude(verdicts, sets, request),
    verdicts,
    matched: [...identity, ...(boundary ?? []), ...(session ?? []), ...resource],
  };
}

function matchedIn(
  type: PolicyType,
  policies: readonly CompiledPolicy[],
  request: EvaluationRequest,
): readonly MatchedStatement[] {
  const action = request.action.toLowerCase();
  return policies.flatMap(policy =>
    policy.statements
      .filter(statement => statement.action(action))
      .filter(statement => matchOf(statement, request.principal) !== 'no' && applies(statement, request))
      .map(statement => ({ type, policy, statement })),
  );
}

function verdictOf(matched: readonly MatchedStatement[]): Verdict {
  if (matched.some(({ statement }) => statement.deny)) return 'deny';
  return matched.length > 0 ? 'allow' : 'silent';
}

function grantOf(matched: readonly MatchedStatement[], { principal }: EvaluationRequest): PrincipalMatch | 'deny' {
  if (verdictOf(matched) === 'deny') return 'deny';
  return matched.map(({ statement }) => matchOf(statement, principal)).reduce(closer, 'no');
}
