/**
 * Turns a parsed document into matchers, once. A compiled policy also remembers which of its statements speak about an
 * action: services have a few hundred actions, so that after the first request the action costs one map lookup.
 */
import { type Condition, compileCondition } from './conditions.ts';
import { compileArnPattern, compilePattern, patternTokens, type TextTest } from './patterns.ts';
import {
  type PatternClause,
  type PolicyDocument,
  type PolicyStatement,
  type PolicyUse,
  parsePolicy,
} from './policy-document.ts';
import { compilePrincipal, type PrincipalTest } from './principal-matcher.ts';
import { EMPTY_CONTEXT, type RequestContext } from './request-context.ts';
import { literalPrefix, parseTemplate, type Template, templateKey, templateTokens } from './variables.ts';

export type ResourceTest = (resource: string, context: RequestContext) => boolean;

export interface CompiledStatement {
  readonly deny: boolean;
  /** Place in the document, from zero. */
  readonly index: number;
  readonly sid: string | undefined;
  /** Takes the action in lower case: IAM ignores its case. */
  readonly action: TextTest;
  /** Absent where every resource is meant, and in trust policies. */
  readonly resource: ResourceTest | undefined;
  /** Absent in identity policies. */
  readonly principal: PrincipalTest | undefined;
  readonly conditions: readonly Condition[];
}

/** More actions than any one region serves; beyond it somebody is making actions up. */
const REMEMBERED_ACTIONS_MAX = 2048;

export class CompiledPolicy {
  readonly statements: readonly CompiledStatement[];
  readonly #byAction = new Map<string, readonly CompiledStatement[]>();

  constructor(statements: readonly CompiledStatement[]) {
    this.statements = statements;
  }

  /** The statements that speak about `action`, denials first: the first that applies decides. */
  about(action: string): readonly CompiledStatement[] {
    const remembered = this.#byAction.get(action);
    if (remembered !== undefined) return remembered;
    const lower = action.toLowerCase();
    const found = this.statements.filter(statement => statement.action(lower));
    const ordered = [...found.filter(statement => statement.deny), ...found.filter(statement => !statement.deny)];
    if (this.#byAction.size >= REMEMBERED_ACTIONS_MAX) this.#byAction.clear();
    this.#byAction.set(action, ordered);
    return ordered;
  }
}

export function compilePolicy(document: PolicyDocument): CompiledPolicy {
  const variables = document.version === '2012-10-17';
  return new CompiledPolicy(
    document.statements.map((statement, index) => compileStatement(statement, index, variables)),
  );
}

/**
 * Parses and compiles in one step.
 * @throws PolicyDocumentError
 */
export const compilePolicyText = (text: string, use: PolicyUse): CompiledPolicy =>
  compilePolicy(parsePolicy(text, use));

function compileStatement(statement: PolicyStatement, index: number, variables: boolean): CompiledStatement {
  return {
    index,
    deny: statement.effect === 'Deny',
    sid: statement.sid,
    action: compileActions(statement.action),
    resource: statement.resource && compileResources(statement.resource, variables),
    principal: statement.principal && compilePrincipal(statement.principal),
    conditions: statement.conditions.map(clause => compileCondition(clause, variables)),
  };
}

function compileActions(clause: PatternClause): TextTest {
  const tests = clause.patterns.map(pattern => compilePattern(patternTokens(pattern.toLowerCase())));
  return action => tests.some(test => test(action)) !== clause.negated;
}

function compileResources(clause: PatternClause, variables: boolean): ResourceTest | undefined {
  if (!clause.negated && clause.patterns.includes('*')) return undefined;
  const tests = clause.patterns.map(pattern => compileResource(pattern, variables));
  const only = tests[0];
  if (tests.length === 1 && only !== undefined && !clause.negated) return only;
  return (resource, context) => {
    for (const test of tests) if (test(resource, context)) return !clause.negated;
    return clause.negated;
  };
}

function compileResource(pattern: string, variables: boolean): ResourceTest {
  const template = parseTemplate(pattern, variables);
  if (template.constant) return compileArnPattern(templateTokens(template, EMPTY_CONTEXT)!);
  // Most resources already differ in what stands before the first variable; then nothing needs to be filled in.
  const prefix = literalPrefix(template);
  const testFor = rememberLast(template);
  return (resource, context) => resource.startsWith(prefix) && (testFor(context)?.(resource) ?? false);
}

/** The test for a template with its variables filled in; requests of one principal after another find it ready. */
function rememberLast(template: Template): (context: RequestContext) => TextTest | undefined {
  let last: { readonly key: string; readonly test: TextTest } | undefined;
  return context => {
    const key = templateKey(template, context);
    if (key === undefined) return undefined;
    if (last?.key !== key) last = { key, test: compileArnPattern(templateTokens(template, context)!) };
    return last.test;
  };
}
