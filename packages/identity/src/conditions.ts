/**
 * Conditions: one compiled test per line of a `Condition` block. Several policy values mean "one of these" (for negated
 * operators "none of these"); a missing key fails a positive test and passes a negated one, unless `IfExists` or a set
 * operator says otherwise (IAM User Guide, "Condition operators" and "Set operators for multivalued context keys").
 * For set operators and for `Null` a key whose values are all empty strings is as good as missing.
 */
import { type ConditionOperator, equals, parseOperator } from './condition-operators.ts';
import type { TextTest } from './patterns.ts';
import type { ConditionClause } from './policy-document.ts';
import { type ContextValue, EMPTY_CONTEXT, type RequestContext } from './request-context.ts';
import { parseTemplate, type Template, templateText, templateTokens } from './variables.ts';

export type Condition = (context: RequestContext) => boolean;

/** Whether one context value passes; the context is for variables on the policy's side. */
type ValueTest = (value: string, context: RequestContext) => boolean;

/** `variables` as in `parseTemplate`. The operator is known to exist: documents are checked when they are parsed. */
export function compileCondition(clause: ConditionClause, variables: boolean): Condition {
  const parsed = parseOperator(clause.operator);
  if (parsed === undefined) throw new TypeError(`unknown condition operator ${clause.operator}`);
  const key = clause.key.toLowerCase();
  if (parsed.operator === 'null') return nullTest(key, clause.values);

  const { operator, set } = parsed;
  const matches = matchesAny(operator, clause.values, variables && operator.variables);
  const passes: ValueTest = operator.negated ? (value, context) => !matches(value, context) : matches;
  const whenMissing = missingMeans(set, parsed.ifExists, operator.negated);
  if (set === 'one') return singleTest(key, passes, whenMissing, operator.negated);
  const test = set === 'all' ? everyPasses : somePasses;
  return context => {
    const actual = context.get(key);
    if (isNullSet(actual)) return whenMissing;
    return typeof actual === 'string' ? passes(actual, context) : test(actual, passes, context);
  };
}

/** Without a set operator a list passes a negated test only when none of its values matches. */
function singleTest(key: string, passes: ValueTest, whenMissing: boolean, negated: boolean): Condition {
  const test = negated ? everyPasses : somePasses;
  return context => {
    const actual = context.get(key);
    if (typeof actual === 'string') return passes(actual, context);
    return actual === undefined || actual.length === 0 ? whenMissing : test(actual, passes, context);
  };
}

function isNullSet(value: ContextValue | undefined): value is undefined {
  if (value === undefined || value === '') return true;
  return typeof value !== 'string' && value.every(one => one === '');
}

function missingMeans(set: 'one' | 'all' | 'any', ifExists: boolean, negated: boolean): boolean {
  if (set === 'all' || ifExists) return true;
  return set === 'one' && negated;
}

/** `Null: {key: true}` wants the key absent, `false` wants it present. */
function nullTest(key: string, values: readonly string[]): Condition {
  const lower = values.map(value => value.toLowerCase());
  const absentPasses = lower.includes('true');
  const presentPasses = lower.includes('false');
  return context => (isNullSet(context.get(key)) ? absentPasses : presentPasses);
}

function matchesAny(operator: ConditionOperator, values: readonly string[], variables: boolean): ValueTest {
  const templates = values.map(value => parseTemplate(value, variables));
  const texts = plainTexts(operator, templates);
  if (texts !== undefined) return value => texts.has(value);
  const tests = templates.map(template => compileValue(operator, template));
  if (tests.length === 1) return tests[0]!;
  return (value, context) => {
    for (const test of tests) if (test(value, context)) return true;
    return false;
  };
}

/** Values that a request's value must simply be equal to: one look-up, however many there are. */
function plainTexts(operator: ConditionOperator, templates: readonly Template[]): ReadonlySet<string> | undefined {
  if (operator.compile !== equals || !templates.every(template => template.constant)) return undefined;
  return new Set(templates.map(template => templateText(template, EMPTY_CONTEXT)!));
}

function compileValue(operator: ConditionOperator, template: Template): ValueTest {
  if (template.constant) {
    const test = resolve(operator, template, EMPTY_CONTEXT)!;
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

function everyPasses(values: readonly string[], passes: ValueTest, context: RequestContext): boolean {
  for (const value of values) if (!passes(value, context)) return false;
  return true;
}

function somePasses(values: readonly string[], passes: ValueTest, context: RequestContext): boolean {
  for (const value of values) if (passes(value, context)) return true;
  return false;
}
