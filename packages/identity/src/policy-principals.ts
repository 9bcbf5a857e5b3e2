/** The elements of a statement that say who: `Principal` and `NotPrincipal`, name by name. */
import { splitArn } from './arn.ts';
import type { PolicyUse, PrincipalClause } from './policy-document.ts';
import { isJsonObject, type JsonObject, malformed, SYNTAX_ERROR, stringsOf } from './policy-error.ts';

const EVERYONE = { everyone: true, aws: [], service: [], federated: [], canonicalUser: [] } as const;

/** How each kind of principal is named, and how messages call the kind. */
const KINDS: Readonly<Record<string, { readonly shown: string; readonly isName: (name: string) => boolean }>> = {
  AWS: { shown: 'AWS', isName: isAwsPrincipal },
  // Which services there are is not for IAM to know; a wildcard in one would be.
  Service: { shown: 'SERVICE', isName: name => /^[a-z0-9-]+(\.[a-z0-9-]+)+$/i.test(name) },
  Federated: { shown: 'FEDERATED', isName: isProvider },
  CanonicalUser: { shown: 'CANONICAL', isName: name => /^[0-9a-f]{64}$/.test(name) },
};

/** @throws PolicyDocumentError */
export function parsePrincipal(json: JsonObject, use: PolicyUse): PrincipalClause {
  if (json.Principal !== undefined && json.NotPrincipal !== undefined) malformed(SYNTAX_ERROR);
  const negated = json.NotPrincipal !== undefined;
  if (negated && use === 'trust') malformed('Has prohibited field NotPrincipal');
  if (negated && json.Effect === 'Allow') malformed('Allow with NotPrincipal is not supported.');
  const value = json.Principal ?? json.NotPrincipal;
  if (value === undefined) return malformed('Missing required field Principal');
  if (value === '*') return { negated, ...EVERYONE };
  if (!isJsonObject(value) || Object.keys(value).length === 0) return malformed('Invalid principal in policy');
  for (const kind of Object.keys(value))
    if (!Object.hasOwn(KINDS, kind)) malformed(`Invalid principal in policy: ${JSON.stringify(kind)}`);
  return {
    negated,
    everyone: false,
    aws: namesOf(value, 'AWS'),
    service: namesOf(value, 'Service'),
    federated: namesOf(value, 'Federated'),
    canonicalUser: namesOf(value, 'CanonicalUser'),
  };
}

function namesOf(value: JsonObject, kind: string): readonly string[] {
  if (value[kind] === undefined) return [];
  const { shown, isName } = KINDS[kind]!;
  const names = stringsOf(value[kind]);
  for (const name of names)
    if (!isName(name)) malformed(`Invalid principal in policy: "${shown}":${JSON.stringify(name)}`);
  return names;
}

/** An account, `*`, the ARN of a user, role, session or root, or the unique id left behind by a deleted entity. */
function isAwsPrincipal(name: string): boolean {
  if (name === '*' || /^\d{12}$/.test(name) || /^A(IDA|ROA)[A-Z0-9]+$/.test(name)) return true;
  const arn = splitArn(name);
  // A wildcard inside a principal would have to be matched against every entity of the world; IAM refuses it.
  if (arn === undefined || /[*?]/.test(name) || !/^\d{12}$/.test(arn.account)) return false;
  return arn.service === 'iam' || arn.service === 'sts';
}

/** Providers that IAM knows without being told. */
const WELL_KNOWN_PROVIDERS = new Set([
  'accounts.google.com',
  'cognito-identity.amazonaws.com',
  'graph.facebook.com',
  'www.amazon.com',
]);

function isProvider(name: string): boolean {
  if (WELL_KNOWN_PROVIDERS.has(name)) return true;
  const arn = splitArn(name);
  return arn?.service === 'iam' && /^(oidc|saml)-provider\/[^*?]+$/.test(arn.resource);
}
