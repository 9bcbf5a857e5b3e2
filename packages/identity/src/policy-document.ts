/**
 * Policy documents: from the JSON text a caller sent to a checked, normalised form in which every element is a list.
 * The checks and their words are IAM's own, so that a broken document fails here as it fails there. What a document
 * means is decided later, by `policy-compiler.ts`.
 */
import { isJsonObject, listOf, malformed, SYNTAX_ERROR } from './policy-error.ts';
import { parseStatement } from './policy-statement.ts';
import { hasRepeatedKeys } from './repeated-keys.ts';

/** Where a document is used; the same JSON may be right in one place and wrong in another. */
export type PolicyUse = 'managed' | 'inline' | 'session' | 'trust' | 'resource';

export type PolicyVersionName = '2008-10-17' | '2012-10-17';

/** `Action` or `NotAction`, `Resource` or `NotResource`: patterns, and whether the statement means all but these. */
export interface PatternClause {
  readonly negated: boolean;
  readonly patterns: readonly string[];
}

/** `Principal` or `NotPrincipal`. `everyone` is the plain string `"*"`. */
export interface PrincipalClause {
  readonly negated: boolean;
  readonly everyone: boolean;
  readonly aws: readonly string[];
  readonly service: readonly string[];
  readonly federated: readonly string[];
  readonly canonicalUser: readonly string[];
}

/** One line of a `Condition` block: all lines of a statement must hold. */
export interface ConditionClause {
  readonly operator: string;
  readonly key: string;
  readonly values: readonly string[];
}

export interface PolicyStatement {
  readonly sid?: string;
  readonly effect: 'Allow' | 'Deny';
  readonly action: PatternClause;
  /** Absent in trust policies: the role itself is meant. */
  readonly resource?: PatternClause;
  /** Absent in identity policies: whoever the policy is attached to is meant. */
  readonly principal?: PrincipalClause;
  readonly conditions: readonly ConditionClause[];
}

export interface PolicyDocument {
  /** Decides whether `${...}` is a variable (2012) or plain text (2008, also when the element is missing). */
  readonly version: PolicyVersionName;
  readonly id?: string;
  readonly statements: readonly PolicyStatement[];
}

/** No policy of any kind may be longer, whatever its own quota says (the limit of the IAM API model). */
const TEXT_LENGTH_MAX = 131_072;

const TOP_LEVEL = new Set(['Version', 'Id', 'Statement']);

/**
 * Reads and checks a policy document.
 * @throws PolicyDocumentError with AWS's message when the document is not valid for this use.
 */
export function parsePolicy(text: string, use: PolicyUse): PolicyDocument {
  if (text.length > TEXT_LENGTH_MAX) malformed(SYNTAX_ERROR);
  const json = parseJson(text);
  // "Individual elements must not contain multiple instances of the same key."
  if (!isJsonObject(json) || hasRepeatedKeys(text)) malformed(SYNTAX_ERROR);
  for (const name of Object.keys(json)) if (!TOP_LEVEL.has(name)) malformed(SYNTAX_ERROR);

  const version = parseVersion(json.Version, use);
  const id = json.Id;
  if (id !== undefined && typeof id !== 'string') malformed(SYNTAX_ERROR);
  if (json.Statement === undefined) malformed(SYNTAX_ERROR);
  const statements = listOf(json.Statement).map(statement => parseStatement(statement, use));
  if (statements.length === 0) malformed(SYNTAX_ERROR);
  refuseRepeatedSids(statements);
  return { version, statements, ...(id === undefined ? {} : { id }) };
}

/** Length of a policy as its quotas count it: white space is free. */
export const policySize = (text: string): number => text.replace(/\s+/g, '').length;

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return malformed('This policy contains invalid Json');
  }
}

function parseVersion(version: unknown, use: PolicyUse): PolicyVersionName {
  // Managed policies came after 2012, so IAM never had to accept older documents there.
  if (use === 'managed' && version !== '2012-10-17' && (version === undefined || version === '2008-10-17'))
    malformed('Policy document must be version 2012-10-17 or greater.');
  if (version === undefined) return '2008-10-17';
  if (version === '2008-10-17' || version === '2012-10-17') return version;
  return malformed(SYNTAX_ERROR);
}

function refuseRepeatedSids(statements: readonly PolicyStatement[]): void {
  const seen = new Set<string>();
  for (const { sid } of statements) {
    if (sid === undefined || sid === '') continue;
    if (seen.has(sid)) malformed('Statement IDs (SID) in a single policy must be unique.');
    seen.add(sid);
  }
}
