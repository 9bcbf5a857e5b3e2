/**
 * One simulated call: the decision comes from the evaluator that every request meets, told at length; what the simulator
 * adds is where the statements that decided stand, and which condition keys nobody gave.
 */
import {
  type AccountPrincipal,
  applies,
  type CompiledStatement,
  type ContextValue,
  type Decision,
  type EvaluationRequest,
  type EvaluationTrace,
  evaluateTraced,
  matchOf,
  type RequestContext,
  splitArn,
} from '@stormglass/identity';
import { contextKeysOf } from './context-keys.ts';
import type { PolicySource } from './policy-sources.ts';
import { simulatedContext } from './simulated-context.ts';
import { type StatementSpan, statementPositions } from './statement-positions.ts';

export interface Simulation {
  readonly identity: readonly PolicySource[];
  readonly boundary?: PolicySource | undefined;
  readonly resource?: PolicySource | undefined;
  readonly principal: AccountPrincipal;
  readonly given: ReadonlyMap<string, ContextValue>;
  /** Account of resources whose ARN names none; that of the principal when absent. */
  readonly resourceOwner?: string | undefined;
  /** Ms since the epoch. */
  readonly now: number;
}

export interface MatchedAt extends StatementSpan {
  readonly source: PolicySource;
}

export interface Outcome {
  readonly resource: string;
  readonly decision: Decision;
  readonly verdicts: EvaluationTrace['verdicts'];
  /** Whether caller and resource belong to different accounts. */
  readonly isCrossAccount: boolean;
  /** The statements that decided; none when nothing allowed it. */
  readonly matched: readonly MatchedAt[];
  /** Condition keys as the policies write them. */
  readonly missingKeys: readonly string[];
}

/** Number of statements that one call is held against. */
export const statementsIn = (simulation: Simulation): number =>
  sourcesOf(simulation).reduce((sum, { document }) => sum + document.statements.length, 0);

const sourcesOf = ({ identity, boundary, resource }: Simulation): readonly PolicySource[] =>
  [...identity, boundary, resource].filter(source => source !== undefined);

/** How calls are decided under `simulation`; what all of them share is prepared once. */
export function simulate(simulation: Simulation): (action: string, resource: string) => Outcome {
  const { identity, boundary, resource: resourcePolicy, principal, given, now } = simulation;
  const sources = sourcesOf(simulation);
  const byCompiled = new Map(sources.map(source => [source.compiled, source]));
  const spans = new Map(sources.map(({ compiled, text }) => [compiled, statementPositions(text)]));
  const names = contextKeysOf(sources.map(({ document }) => document));
  const sets = {
    identity: identity.map(({ compiled }) => compiled),
    boundary: boundary?.compiled,
    resource: resourcePolicy?.compiled,
  };
  return (action, resource) => {
    const owner = accountIn(resource) ?? simulation.resourceOwner ?? principal.accountId;
    // Without the policy of the resource only the caller's side is simulated.
    const resourceAccount = resourcePolicy === undefined ? principal.accountId : owner;
    const context = simulatedContext(given, { principal, resourceAccount: owner, now });
    const request = { action, resource, resourceAccount, principal, context };
    const { decision, verdicts, matched } = evaluateTraced(sets, request);
    const decided = matched.filter(({ type, statement }) =>
      decision.allowed ? !statement.deny && type !== 'boundary' : decision.explicit && statement.deny,
    );
    return {
      ...{ resource, decision, verdicts },
      isCrossAccount: resourceAccount !== principal.accountId,
      matched: decided.map(({ policy, statement }) => ({
        source: byCompiled.get(policy)!,
        ...spans.get(policy)![statement.index]!,
      })),
      missingKeys: missingKeys(sources, request).map(key => names.get(key) ?? key),
    };
  };
}

/** The account that an ARN names; S3 and others leave it out. */
function accountIn(resource: string): string | undefined {
  const account = splitArn(resource)?.account;
  return account !== undefined && /^\d{12}$/.test(account) ? account : undefined;
}

/** Keys, in lower case, that statements about this call ask for and the request does not have. */
function missingKeys(sources: readonly PolicySource[], request: EvaluationRequest): readonly string[] {
  const missing = new Set<string>();
  const context: RequestContext = {
    get(key) {
      const value = request.context.get(key);
      if (value === undefined) missing.add(key);
      return value;
    },
  };
  for (const { compiled } of sources) {
    for (const statement of compiled.statements) if (isAbout(statement, { ...request, context })) askAll(statement);
  }
  return [...missing];

  // All of them: an evaluation stops at the first that does not hold.
  function askAll({ conditions }: CompiledStatement): void {
    for (const condition of conditions) condition(context);
  }
}

/** Whether the statement is about the call, whatever its conditions say; asks for the variables in its resources. */
const isAbout = (statement: CompiledStatement, request: EvaluationRequest): boolean =>
  statement.action(request.action.toLowerCase()) &&
  matchOf(statement, request.principal) !== 'no' &&
  applies({ ...statement, conditions: [] }, request);
