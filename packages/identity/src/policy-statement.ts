/** One statement of a policy document: which elements it must have, may have and must not have in its place of use. */

import type { PolicyStatement, PolicyUse } from './policy-document.ts';
import { parseActions, parseConditions, parseResources } from './policy-elements.ts';
import { isJsonObject, type JsonObject, LEGACY_ERROR, malformed, SYNTAX_ERROR } from './policy-error.ts';
import { parsePrincipal } from './policy-principals.ts';

const ELEMENTS = new Set([
  'Sid',
  'Effect',
  'Action',
  'NotAction',
  'Resource',
  'NotResource',
  'Principal',
  'NotPrincipal',
  'Condition',
]);

const SID = /^[A-Za-z0-9]*$/;

/** @throws PolicyDocumentError */
export function parseStatement(json: unknown, use: PolicyUse): PolicyStatement {
  if (!isJsonObject(json)) malformed(SYNTAX_ERROR);
  for (const name of Object.keys(json)) if (!ELEMENTS.has(name)) malformed(SYNTAX_ERROR);

  const sid = parseSid(json.Sid, use);
  const resource = use === 'trust' ? refuseResources(json) : parseResources(json, use);
  const principal = use === 'trust' || use === 'resource' ? parsePrincipal(json, use) : refusePrincipals(json);
  return {
    ...(sid === undefined ? {} : { sid }),
    effect: parseEffect(json.Effect),
    action: parseActions(json, use),
    ...(resource === undefined ? {} : { resource }),
    ...(principal === undefined ? {} : { principal }),
    conditions: parseConditions(json.Condition),
  };
}

function parseSid(sid: unknown, use: PolicyUse): string | undefined {
  if (sid === undefined) return undefined;
  if (typeof sid !== 'string') malformed(SYNTAX_ERROR);
  // Resource policies of most services take free text here; IAM's own documents do not.
  if (use !== 'resource' && !SID.test(sid))
    malformed(
      'Statement IDs (SID) must be alpha-numeric. Check that your input satisfies the regular expression [0-9A-Za-z]*',
    );
  return sid;
}

function parseEffect(effect: unknown): 'Allow' | 'Deny' {
  if (effect === 'Allow' || effect === 'Deny') return effect;
  if (effect === undefined) return malformed('Missing required field Effect');
  return malformed(typeof effect === 'string' && /^(allow|deny)$/i.test(effect) ? LEGACY_ERROR : SYNTAX_ERROR);
}

function refuseResources(json: JsonObject): undefined {
  if (json.Resource !== undefined) malformed('Has prohibited field Resource');
  if (json.NotResource !== undefined) malformed('Has prohibited field NotResource');
}

function refusePrincipals(json: JsonObject): undefined {
  if (json.Principal !== undefined || json.NotPrincipal !== undefined)
    malformed('Policy document should not specify a principal.');
}
