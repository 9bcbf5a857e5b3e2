/** Simulated calls as IAM shows them: one result an action, and in it one for each resource that was asked about. */
import type {
  EvaluationResult,
  PolicyEvaluationDecisionType,
  ResourceSpecificResult,
  Statement,
} from '@aws-sdk/client-iam';
import { defined } from '@stormglass/base';
import type { MatchedAt, Outcome } from './simulation.ts';

/** From the least to the most restrictive. */
const RESTRICTIVE: readonly PolicyEvaluationDecisionType[] = ['allowed', 'implicitDeny', 'explicitDeny'];

const mostRestrictive = (decisions: readonly PolicyEvaluationDecisionType[]): PolicyEvaluationDecisionType =>
  RESTRICTIVE.findLast(decision => decisions.includes(decision)) ?? 'implicitDeny';

/** The result for one action. `outcomes` has one entry a resource, and at least one. */
export function evaluationResult(action: string, outcomes: readonly Outcome[]): EvaluationResult {
  const decision = mostRestrictive(outcomes.map(decisionOf));
  const deciding = outcomes.filter(outcome => decisionOf(outcome) === decision);
  const isAboutAll = outcomes.every(({ resource }) => resource === '*');
  const [only, ...others] = outcomes;
  return {
    EvalActionName: action,
    // AWS gives the form of ARNs that the action takes. The one resource that was asked about is the closest to it.
    EvalResourceName: others.length === 0 ? only!.resource : '*',
    EvalDecision: decision,
    MatchedStatements: uniqueStatements(deciding.flatMap(({ matched }) => matched)),
    MissingContextValues: [...new Set(outcomes.flatMap(({ missingKeys }) => missingKeys))],
    ...boundaryDetail(outcomes),
    ...(isAboutAll
      ? {}
      : { EvalDecisionDetails: decisionDetails(outcomes), ResourceSpecificResults: outcomes.map(resourceResult) }),
  };
}

function resourceResult(outcome: Outcome): ResourceSpecificResult {
  return {
    EvalResourceName: outcome.resource,
    EvalResourceDecision: decisionOf(outcome),
    MatchedStatements: uniqueStatements(outcome.matched),
    MissingContextValues: [...outcome.missingKeys],
    ...(outcome.isCrossAccount ? { EvalDecisionDetails: decisionDetails([outcome]) } : {}),
    ...boundaryDetail([outcome]),
  };
}

function decisionOf({ decision }: Outcome): PolicyEvaluationDecisionType {
  if (decision.allowed) return 'allowed';
  return decision.explicit ? 'explicitDeny' : 'implicitDeny';
}

function boundaryDetail(outcomes: readonly Outcome[]): Pick<EvaluationResult, 'PermissionsBoundaryDecisionDetail'> {
  if (outcomes.some(({ verdicts }) => verdicts.boundary === undefined)) return {};
  const allowed = outcomes.every(({ verdicts }) => verdicts.boundary === 'allow');
  return { PermissionsBoundaryDecisionDetail: { AllowedByPermissionsBoundary: allowed } };
}

/** What each kind of policy says where caller and resource belong to different accounts; elsewhere nothing. */
function decisionDetails(outcomes: readonly Outcome[]): Record<string, PolicyEvaluationDecisionType> {
  const crossing = outcomes.filter(({ isCrossAccount }) => isCrossAccount).map(({ verdicts }) => verdicts);
  if (crossing.length === 0) return {};
  const most = (kind: 'identity' | 'resource' | 'boundary') =>
    mostRestrictive(crossing.map(verdicts => said(verdicts[kind])));
  return defined({
    'IAM Policy': most('identity'),
    'Resource Policy': most('resource'),
    'Permissions Boundary Policy': crossing.some(({ boundary }) => boundary === undefined)
      ? undefined
      : most('boundary'),
  }) as Record<string, PolicyEvaluationDecisionType>;
}

function said(verdict: Outcome['verdicts']['identity' | 'resource' | 'boundary']): PolicyEvaluationDecisionType {
  if (verdict === 'deny') return 'explicitDeny';
  return verdict === undefined || verdict === 'silent' || verdict === 'no' ? 'implicitDeny' : 'allowed';
}

function uniqueStatements(matched: readonly MatchedAt[]): Statement[] {
  const byPlace = new Map<string, Statement>();
  for (const { source, StartPosition, EndPosition } of matched) {
    const SourcePolicyType = source.type as Statement['SourcePolicyType'];
    const place = `${source.id}/${StartPosition.Line}/${StartPosition.Column}`;
    byPlace.set(place, { SourcePolicyId: source.id, SourcePolicyType, StartPosition, EndPosition });
  }
  return [...byPlace.values()];
}
