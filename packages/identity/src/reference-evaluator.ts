/**
 * The policy language read naively, straight from the JSON, with regular expressions and no preparation: slow, and
 * simple enough to be believed. Only tests use it, to judge the compiled evaluator.
 */
import type { ContextValue } from './request-context.ts';

export interface ReferenceStatement {
  readonly Effect: string;
  readonly [element: string]: unknown;
}

export interface ReferencePolicy {
  readonly Version?: string;
  readonly Statement: readonly ReferenceStatement[];
}

export interface ReferenceRequest {
  readonly action: string;
  readonly resource: string;
  readonly resourceAccount: string;
  /** Account, ARN and role of the caller; the root has no policies of its own. */
  readonly caller: { readonly account: string; readonly arn: string; readonly role?: string; readonly root: boolean };
  /** Keys in lower case. */
  readonly context: ReadonlyMap<string, ContextValue>;
}

export interface ReferenceSets {
  readonly identity: readonly ReferencePolicy[];
  readonly boundary?: ReferencePolicy | undefined;
  readonly session?: readonly ReferencePolicy[] | undefined;
  readonly resource?: ReferencePolicy | undefined;
  readonly trust: boolean;
}

export function referenceAllows(sets: ReferenceSets, request: ReferenceRequest): boolean {
  const own = (policies: readonly ReferencePolicy[]) => policies.flatMap(policy => applying(policy, request));
  const identity = request.caller.root ? [] : own(sets.identity);
  const boundary = sets.boundary && own([sets.boundary]);
  const session = sets.session && own(sets.session);
  const resource = sets.resource
    ? applying(sets.resource, request).filter(statement => named(statement, request.caller) !== 'no')
    : [];
  const everything = [...identity, ...(boundary ?? []), ...(session ?? []), ...resource];
  if (everything.some(statement => statement.Effect === 'Deny')) return false;

  const ways = resource.map(statement => named(statement, request.caller));
  const identityAllows = request.caller.root || identity.length > 0;
  const narrowed = (boundary === undefined || boundary.length > 0) && (session === undefined || session.length > 0);
  if (request.caller.account !== request.resourceAccount) return ways.length > 0 && identityAllows && narrowed;
  if (sets.trust && ways.length === 0) return false;
  if (ways.includes('direct')) return true;
  return (identityAllows || ways.includes('role')) && narrowed;
}

const list = (value: unknown): readonly string[] => (Array.isArray(value) ? value.map(String) : [String(value)]);

/** Statements about this action and resource whose conditions hold; principals are looked at elsewhere. */
function applying(policy: ReferencePolicy, request: ReferenceRequest): readonly ReferenceStatement[] {
  const variables = policy.Version === '2012-10-17';
  const like = (pattern: string, text: string) => wildcard(pattern, variables, request.context)?.test(text) ?? false;
  const likeArn = (pattern: string, text: string) => arnLike(pattern, text, variables, request.context);
  return policy.Statement.filter(statement => {
    const { Action, NotAction, Resource, NotResource } = statement;
    const action = list(Action ?? NotAction).some(pattern => like(pattern.toLowerCase(), request.action.toLowerCase()));
    if (action === (Action === undefined)) return false;
    const patterns = Resource ?? NotResource;
    if (patterns !== undefined) {
      const resource = list(patterns).some(pattern => likeArn(pattern, request.resource));
      if (resource === (Resource === undefined)) return false;
    }
    return conditionsHold(statement.Condition ?? {}, variables, request.context);
  });
}

function named(
  statement: ReferenceStatement,
  caller: ReferenceRequest['caller'],
): 'no' | 'account' | 'role' | 'direct' {
  const way = wayNamed(statement.Principal ?? statement.NotPrincipal, caller);
  if (statement.NotPrincipal === undefined) return way;
  return way === 'no' ? 'account' : 'no';
}

function wayNamed(principal: unknown, caller: ReferenceRequest['caller']): 'no' | 'account' | 'role' | 'direct' {
  const names = principal === '*' ? ['*'] : list((principal as { AWS: unknown }).AWS);
  if (names.includes('*') || names.includes(caller.arn)) {
    // The ARN of a root names its account.
    return names.includes('*') || !caller.root ? 'direct' : 'account';
  }
  if (caller.role !== undefined && names.includes(caller.role)) return 'role';
  const account = [caller.account, `arn:aws:iam::${caller.account}:root`];
  return names.some(name => account.includes(name)) ? 'account' : 'no';
}

type Context = ReadonlyMap<string, ContextValue>;

/** The pattern as a regular expression, or undefined when a variable in it has no value. */
function wildcard(pattern: string, variables: boolean, context: Context): RegExp | undefined {
  let missing = false;
  const quote = (text: string) => text.replace(/[.*+?^${}()|[\]\\]/g, '\\$&');
  const source = pattern.replace(/\$\{([^}]*)\}|[\s\S]/g, (whole, name: string | undefined) => {
    if (name !== undefined && variables) {
      const value = filled(name, context);
      missing ||= value === undefined;
      return quote(value ?? '');
    }
    return [...whole].map(c => (c === '*' ? '[^]*' : c === '?' ? '[^]' : quote(c))).join('');
  });
  return missing ? undefined : new RegExp(`^${source}$`);
}

function filled(name: string, context: Context): string | undefined {
  if (['*', '?', '$'].includes(name)) return name;
  const [key, fallback] = name.split(/,\s*/);
  const value = context.get(key!.toLowerCase());
  return typeof value === 'string' ? value : fallback?.replaceAll("'", '');
}

/** Field by field, unless the pattern has too few fields for that. */
function arnLike(pattern: string, text: string, variables: boolean, context: Context): boolean {
  const marked = pattern.replace(/\$\{[^}]*\}/g, variable => variable.replaceAll(':', '\u0000'));
  const fields = marked.split(':').map(field => field.replaceAll('\u0000', ':'));
  const whole = wildcard(pattern, variables, context);
  if (whole === undefined || fields.length < 6) return whole?.test(text) ?? false;
  const actual = text.split(':');
  if (actual.length < 6) return false;
  const six = (parts: readonly string[]) => [...parts.slice(0, 5), parts.slice(5).join(':')];
  return six(fields).every((field, i) => wildcard(field, variables, context)!.test(six(actual)[i]!));
}

function conditionsHold(block: object, variables: boolean, context: Context): boolean {
  return Object.entries(block).every(([operator, keys]) =>
    Object.entries(keys as object).every(([key, values]) =>
      conditionHolds(operator, list(values), context.get(key.toLowerCase()), variables, context),
    ),
  );
}

function conditionHolds(
  name: string,
  wanted: readonly string[],
  value: ContextValue | undefined,
  variables: boolean,
  context: Context,
): boolean {
  const [, set, negated, ifExists] = /^(ForAllValues:|ForAnyValue:)?.*?(Not)?[A-Z][a-z]+(IfExists)?$/.exec(name)!;
  const base = name.replace(/^For\w+:/, '').replace(/IfExists$/, '');
  const actual = value === undefined ? [] : typeof value === 'string' ? [value] : value;
  if (base === 'Null') return wanted.includes(String(actual.length === 0));
  if (actual.length === 0) {
    if (set === 'ForAllValues:' || ifExists) return true;
    return set === undefined && negated !== undefined;
  }
  const fits = (one: string) => wanted.some(want => compare(base.replace('Not', ''), want, one, variables, context));
  const passes = (one: string) => fits(one) === (negated === undefined);
  if (set === 'ForAnyValue:') return actual.some(passes);
  return set === 'ForAllValues:' || negated !== undefined ? actual.every(passes) : actual.some(passes);
}

function compare(operator: string, want: string, actual: string, variables: boolean, context: Context): boolean {
  if (operator === 'StringLike') return wildcard(want, variables, context)?.test(actual) ?? false;
  if (operator === 'ArnLike') return arnLike(want, actual, variables, context);
  const missing =
    variables && [...want.matchAll(/\$\{([^}]*)\}/g)].some(([, key]) => filled(key!, context) === undefined);
  if (missing) return false;
  const text = variables ? want.replace(/\$\{([^}]*)\}/g, (_, key: string) => filled(key, context)!) : want;
  switch (operator) {
    case 'StringEquals':
      return text === actual;
    case 'Bool':
      return text.toLowerCase() === actual.toLowerCase();
    case 'NumericLessThan':
      return Number(actual) < Number(text);
    default:
      throw new Error(`the reference does not know ${operator}`);
  }
}
