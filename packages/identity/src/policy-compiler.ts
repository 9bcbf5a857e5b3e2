/** Turns a parsed document into matchers, once. Which of them a request needs to ask is found by `statement-index.ts`. */
import { type Condition, compileCondition } from './conditions.ts';
import { compilePattern, patternTokens, type TextTest } from './patterns.ts';
import {
  type PatternClause,
  type PolicyDocument,
  type PolicyStatement,
  type PolicyUse,
  parsePolicy,
} from './policy-document.ts';
import { type CompiledResources, compileResources } from './policy-resources.ts';
import { compilePrincipal, type PrincipalTest } from './principal-matcher.ts';

export interface CompiledStatement {
  readonly deny: boolean;
  /** Place in the document, from zero. */
  readonly index: number;
  readonly sid: string | undefined;
  /** Takes the action in lower case: IAM ignores its case. */
  readonly action: TextTest;
  /** Absent where every resource is meant, and in trust policies. */
  readonly resources: CompiledResources | undefined;
  /** Absent in identity policies. */
  readonly principal: PrincipalTest | undefined;
  readonly conditions: readonly Condition[];
}

export class CompiledPolicy {
  readonly statements: readonly CompiledStatement[];
  /** This policy as a set of its own. */
  readonly alone: readonly CompiledPolicy[] = [this];

  constructor(statements: readonly CompiledStatement[]) {
    this.statements = statements;
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
    resources: statement.resource && compileResources(statement.resource, variables),
    principal: statement.principal && compilePrincipal(statement.principal),
    conditions: statement.conditions.map(clause => compileCondition(clause, variables)),
  };
}

function compileActions(clause: PatternClause): TextTest {
  const tests = clause.patterns.map(pattern => compilePattern(patternTokens(pattern.toLowerCase())));
  return action => tests.some(test => test(action)) !== clause.negated;
}
