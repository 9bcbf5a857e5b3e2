/** The elements of a statement: actions, resources, principals and conditions, checked one by one. */
import { splitArn } from './arn.ts';
import { isConditionOperator } from './condition-operators.ts';
import { compilePattern, patternTokens } from './patterns.ts';
import type { ConditionClause, PatternClause, PolicyUse, PrincipalClause } from './policy-document.ts';
import { isJsonObject, type JsonObject, listOf, malformed, SYNTAX_ERROR, stringsOf } from './policy-error.ts';

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
export function parseResources(json: JsonObject): PatternClause {
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

const PRINCIPAL_KINDS = new Set(['AWS', 'Service', 'Federated', 'CanonicalUser']);

/** @throws PolicyDocumentError */
export function parsePrincipal(json: JsonObject): PrincipalClause {
  if (json.Principal !== undefined && json.NotPrincipal !== undefined) malformed(SYNTAX_ERROR);
  const negated = json.NotPrincipal !== undefined;
  const value = json.Principal ?? json.NotPrincipal;
  if (value === undefined) return malformed('Missing required field Principal');
  if (value === '*') return { negated, everyone: true, aws: [], service: [], federated: [], canonicalUser: [] };
  if (!isJsonObject(value) || Object.keys(value).length === 0) return malformed('Invalid principal in policy');
  for (const kind of Object.keys(value))
    if (!PRINCIPAL_KINDS.has(kind)) malformed(`Invalid principal in policy: ${JSON.stringify(kind)}`);
  const named = (kind: string) => (value[kind] === undefined ? [] : stringsOf(value[kind]));
  const aws = named('AWS');
  for (const name of aws) checkAwsPrincipal(name);
  return {
    negated,
    everyone: false,
    aws,
    service: named('Service'),
    federated: named('Federated'),
    canonicalUser: named('CanonicalUser'),
  };
}

/** An account, `*`, the ARN of a user, role, session or root, or the unique id left behind by a deleted entity. */
function checkAwsPrincipal(name: string): void {
  if (name === '*' || /^\d{12}$/.test(name) || /^A(IDA|ROA)[A-Z0-9]+$/.test(name)) return;
  const arn = splitArn(name);
  const known = arn !== undefined && (arn.service === 'iam' || arn.service === 'sts') && /^\d{12}$/.test(arn.account);
  // A wildcard inside a principal would have to be matched against every entity of the world; IAM refuses it.
  if (!known || /[*?]/.test(name)) malformed(`Invalid principal in policy: "AWS":${JSON.stringify(name)}`);
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
      clauses.push({ operator, key, values: listOf(values).map(conditionValue) });
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
