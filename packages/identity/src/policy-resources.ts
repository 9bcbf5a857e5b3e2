/** `Resource` and `NotResource` compiled. */
import { compileArnPattern, type TextTest } from './patterns.ts';
import type { PatternClause } from './policy-document.ts';
import { EMPTY_CONTEXT, type RequestContext } from './request-context.ts';
import { maySoBegin, textStart } from './text-starts.ts';
import {
  hasVariableInArnHead,
  literalPrefix,
  parseTemplate,
  type Template,
  templateTokens,
  templateValues,
} from './variables.ts';

export type ResourceTest = (resource: string, context: RequestContext) => boolean;

export interface CompiledResources {
  readonly test: ResourceTest;
  /** Every resource the test holds for begins with one of these: what does not needs no closer look. */
  readonly starts: readonly string[];
}

/** Undefined where every resource is meant. `variables` as in `parseTemplate`. */
export function compileResources(clause: PatternClause, variables: boolean): CompiledResources | undefined {
  if (!clause.negated && clause.patterns.includes('*')) return undefined;
  const tests = clause.patterns.map(pattern => compileResource(pattern, variables));
  const anyOf = tests.length === 1 ? tests[0]! : someOf(tests);
  if (clause.negated) return { test: (resource, context) => !anyOf(resource, context), starts: [''] };
  return { test: anyOf, starts: startsOf(clause.patterns, variables) };
}

const someOf =
  (tests: readonly ResourceTest[]): ResourceTest =>
  (resource, context) => {
    for (const test of tests) if (test(resource, context)) return true;
    return false;
  };

function startsOf(patterns: readonly string[], variables: boolean): readonly string[] {
  const starts = patterns.map(pattern => literalPrefix(parseTemplate(pattern, variables)));
  // One that begins with another says nothing new.
  return starts.filter(
    (start, at) => !starts.some((other, i) => start.startsWith(other) && (other.length < start.length || i < at)),
  );
}

function compileResource(pattern: string, variables: boolean): ResourceTest {
  if (variables && hasVariableInArnHead(pattern)) return () => false;
  const template = parseTemplate(pattern, variables);
  // Most resources already differ in what stands before the first wildcard or variable.
  const start = textStart(literalPrefix(template));
  if (template.constant) {
    const test = compileArnPattern(templateTokens(template, EMPTY_CONTEXT)!);
    return resource => maySoBegin(resource, start) && test(resource);
  }
  const testFor = rememberLast(template);
  return (resource, context) => maySoBegin(resource, start) && (testFor(context)?.(resource) ?? false);
}

/** The test for a template with its variables filled in; requests of one principal after another find it ready. */
function rememberLast(template: Template): (context: RequestContext) => TextTest | undefined {
  let last: { readonly values: readonly string[]; readonly test: TextTest } | undefined;
  return context => {
    const values = templateValues(template, context);
    if (values === undefined) return undefined;
    if (last === undefined || !sameTexts(last.values, values))
      last = { values, test: compileArnPattern(templateTokens(template, context)!) };
    return last.test;
  };
}

function sameTexts(a: readonly string[], b: readonly string[]): boolean {
  for (let i = 0; i < a.length; i++) if (a[i] !== b[i]) return false;
  return true;
}
