/** The elements of a statement that say what and when: actions, resources and conditions, checked one by one. */
import { isConditionOperator, isConditionValue } from './condition-operators.ts';
import { compilePattern, patternTokens } from './patterns.ts';
import type { ConditionClause, PatternClause, PolicyUse } from './policy-document.ts';
import {
  isJsonObject,
  type JsonObject,
  LEGACY_ERROR,
  listOf,
  malformed,
  SYNTAX_ERROR,
  stringsOf,
} from './policy-error.ts';

const VENDOR_MISSING = 'Actions/Conditions must be prefaced by a vendor, e.g., iam, sdb, ec2, etc.';

/** Services have no wildcards in their names; a lone star stands for all of them. */
const VENDOR = /^(?:[A-Za-z0-9.-]+|\*)$/;

/** What the trust policy of a role may speak about, in lower case. */
const TRUST_ACTIONS = [
  'assumerole',
  'assumerolewithsaml',
  'assumerolewithwebidentity',
  'tagsession',
  'setsourceidentity',
  'setcontext',
].map(name => `sts:${name}`);

/** @throws PolicyDocumentError */
export function parseActions(json: JsonObject, use: PolicyUse): PatternClause {
  const clause = oneOf(json, 'Action', 'NotAction');
  if (clause === undefined || clause.patterns.length === 0)
    return malformed(use === 'trust' ? 'Missing required field Action' : 'Policy statement must contain actions.');
  for (const action of clause.patterns) checkAction(action, use);
  return clause;
}

function checkAction(action: string, use: PolicyUse): void {
  if (use === 'trust' && !isTrustAction(action))
    malformed('AssumeRole policy may only specify STS AssumeRole actions.');
  if (action === '*') return;
  const [vendor = '', ...rest] = action.split(':');
  if (rest.length === 0) malformed(VENDOR_MISSING);
  if (rest.length > 1) malformed('Actions/Condition can contain only one colon.');
  if (!VENDOR.test(vendor)) malformed(`Vendor ${vendor} is not valid`);
}

function isTrustAction(action: string): boolean {
  const test = compilePattern(patternTokens(action.toLowerCase()));
  return action.includes(':') && TRUST_ACTIONS.some(test);
}

/** @throws PolicyDocumentError */
export function parseResources(json: JsonObject, use: PolicyUse): PatternClause | undefined {
  // A policy on a resource may leave out which: it is about the one it is on.
  if (use === 'resource' && json.Resource === undefined && json.NotResource === undefined) return undefined;
  const clause = oneOf(json, 'Resource', 'NotResource');
  if (clause === undefined || clause.patterns.length === 0)
    return malformed('Policy statement must contain resources.');
  for (const resource of clause.patterns) checkResource(resource);
  return clause;
}

function checkResource(resource: string): void {
  if (resource === '*') return;
  const parts = resource.split(':');
  if (parts[0] !== 'arn' && parts[0] !== '*') malformed(`Resource ${resource} must be in ARN format or "*".`);
  const partition = parts[1] ?? '';
  if (!/^(aws[a-z-]*|\*|\$\{.*)$/.test(partition))
    malformed(`Partition "${partition}" is not valid for resource "${resource}".`);
  if (parts.length < 3) malformed('Resource vendor must be fully qualified and cannot contain regexes.');
  // A variable may hold colons in its name, and anything in its value: nothing can be said of its fields yet.
  if (resource.includes('${')) return;
  if (parts[2] === 's3' && parts.length >= 6 && parts[3] !== '' && parts[3] !== '*')
    malformed(`Resource ${resource} can not contain region information.`);
  if (parts[2] === 'iam' && parts.length >= 6) checkIamResource(resource, parts[3]!, parts.slice(5).join(':'));
}

const IAM_PATHS = [
  'user/',
  'federated-user/',
  'role/',
  'group/',
  'instance-profile/',
  'mfa/',
  'server-certificate/',
].concat(['policy/', 'sms-mfa/', 'saml-provider/', 'oidc-provider/', 'report/', 'access-report/']);

/** IAM knows its own resources, and says so. */
function checkIamResource(resource: string, region: string, path: string): void {
  if (region !== '' && region !== '*') malformed(`IAM resource ${resource} cannot contain region information.`);
  if (path === 'root' || path.startsWith('*') || IAM_PATHS.some(start => path.startsWith(start))) return;
  // A wildcard may stand anywhere in the kind of a resource, as in `r*`.
  if (/^[a-z-]*[*?]/.test(path)) return;
  malformed(`IAM resource path must either be "*" or start with ${IAM_PATHS.join(', ')}.`);
}

/** Both elements at once, or a list with something other than strings, is a syntax error. */
function oneOf(json: JsonObject, plain: string, negated: string): PatternClause | undefined {
  if (json[plain] !== undefined && json[negated] !== undefined) malformed(SYNTAX_ERROR);
  if (json[plain] !== undefined) return { negated: false, patterns: stringsOf(json[plain]) };
  if (json[negated] !== undefined) return { negated: true, patterns: stringsOf(json[negated]) };
  return undefined;
}

/** @throws PolicyDocumentError */
export function parseConditions(json: unknown): readonly ConditionClause[] {
  if (json === undefined) return [];
  if (!isJsonObject(json)) return malformed(SYNTAX_ERROR);
  const clauses: ConditionClause[] = [];
  for (const [operator, block] of Object.entries(json)) {
    if (!isConditionOperator(operator) || !isJsonObject(block)) return malformed(SYNTAX_ERROR);
    for (const [key, values] of Object.entries(block)) {
      if (!key.includes(':')) malformed(VENDOR_MISSING);
      const texts = listOf(values).map(conditionValue);
      if (!texts.every(text => isConditionValue(operator, text))) malformed(LEGACY_ERROR);
      clauses.push({ operator, key, values: texts });
    }
  }
  return clauses;
}

/** Numbers and booleans may be written without quotes; they are compared by their text. */
function conditionValue(value: unknown): string {
  if (typeof value === 'string') return value;
  if (typeof value === 'number' || typeof value === 'boolean') return String(value);
  return malformed(SYNTAX_ERROR);
}
