/**
 * Conditions: one compiled test per line of a `Condition` block. Several policy values mean "one of these" (for negated
 * operators "none of these"); a missing key fails a positive test and passes a negated one, unless `IfExists` or a set
 * operator says otherwise (IAM User Guide, "Condition operators" and "Set operators for multivalued context keys").
 */
import { type ConditionOperator, parseOperator } from './condition-operators.ts';
import type { TextTest } from './patterns.ts';
import type { ConditionClause } from './policy-document.ts';
import type { ContextValue, RequestContext } from './request-context.ts';
import { parseTemplate, type Template, templateText, templateTokens } from './variables.ts';

export type Condition = (context: RequestContext) => boolean;

/** Whether one context value passes; the context is for variables on the policy's side. */
type ValueTest = (value: string, context: RequestContext) => boolean;

const NO_VARIABLES: RequestContext = { get: () => undefined };

/** `variables` as in `parseTemplate`. The operator is known to exist: documents are checked when they are parsed. */
export function compileCondition(clause: ConditionClause, variables: boolean): Condition {
  const parsed = parseOperator(clause.operator);
  if (parsed === undefined) throw new TypeError(`unknown condition operator ${clause.operator}`);
  const key = clause.key.toLowerCase();
  if (parsed.operator === 'null') return nullTest(key, clause.values);

  const { operator, set } = parsed;
  const matches = anyOf(clause.values.map(value => compileValue(operator, parseTemplate(value, variables))));
  const passes: ValueTest = operator.negated ? (value, context) => !matches(value, context) : matches;
  const whenMissing = missingMeans(set, parsed.ifExists, operator.negated);
  // Without a set operator a list passes a negated test only when none of its values matches.
  const everyValue = set === 'all' || (set === 'one' && operator.negated);
  return context => {
    const actual = context.get(key);
    if (isMissing(actual)) return whenMissing;
    if (typeof actual === 'string') return passes(actual, context);
    return everyValue ? everyPasses(actual, passes, context) : somePasses(actual, passes, context);
  };
}

const isMissing = (value: ContextValue | undefined): value is undefined =>
  value === undefined || (typeof value !== 'string' && value.length === 0);

function missingMeans(set: 'one' | 'all' | 'any', ifExists: boolean, negated: boolean): boolean {
  if (set === 'all' || ifExists) return true;
  return set === 'one' && negated;
}

/** `Null: {key: true}` wants the key absent, `false` wants it present. */
function nullTest(key: string, values: readonly string[]): Condition {
  const lower = values.map(value => value.toLowerCase());
  const absentPasses = lower.includes('true');
  const presentPasses = lower.includes('false');
  return context => (isMissing(context.get(key)) ? absentPasses : presentPasses);
}

function compileValue(operator: ConditionOperator, template: Template): ValueTest {
  if (template.constant) {
    const test = resolve(operator, template, NO_VARIABLES)!;
    return value => test(value);
  }
  return (value, context) => {
    const test = resolve(operator, template, context);
    return test?.(value) ?? false;
  };
}

function resolve(operator: ConditionOperator, template: Template, context: RequestContext): TextTest | undefined {
  if (operator.reads === 'pattern') {
    const tokens = templateTokens(template, context);
    return tokens && operator.compile(tokens);
  }
  const text = templateText(template, context);
  return text === undefined ? undefined : operator.compile(text);
}

function anyOf(tests: readonly ValueTest[]): ValueTest {
  if (tests.length === 1) return tests[0]!;
  return (value, context) => {
    for (const test of tests) if (test(value, context)) return true;
    return false;
  };
}

function everyPasses(values: readonly string[], passes: ValueTest, context: RequestContext): boolean {
  for (const value of values) if (!passes(value, context)) return false;
  return true;
}

function somePasses(values: readonly string[], passes: ValueTest, context: RequestContext): boolean {
  for (const value of values) if (passes(value, context)) return true;
  return false;
}
