/** The condition keys that policies speak about: in conditions, and as variables in conditions and resources. */
import type { PolicyDocument, PolicyStatement } from '@stormglass/identity';

const VARIABLE = /\$\{([^}]*)\}/g;
/** `${*}`, `${?}` and `${$}` stand for the characters themselves. */
const ESCAPED = new Set(['*', '?', '$']);

/** The keys of one statement, as it writes them; `variables` says whether its document knows variables. */
function* keysOfStatement(statement: PolicyStatement, variables: boolean): Iterable<string> {
  if (variables) yield* variablesIn(statement.resource?.patterns ?? []);
  for (const { key, values } of statement.conditions) {
    yield key;
    if (variables) yield* variablesIn(values);
  }
}

function* variablesIn(texts: readonly string[]): Iterable<string> {
  for (const text of texts) {
    for (const [, body = ''] of text.matchAll(VARIABLE)) {
      // Behind a comma stands a default.
      const [name = ''] = body.split(',', 1);
      if (!ESCAPED.has(body) && name.includes(':')) yield name.trim();
    }
  }
}

/** The keys of all statements by their names in lower case, as they are written first. */
export function contextKeysOf(documents: Iterable<PolicyDocument>): ReadonlyMap<string, string> {
  const keys = new Map<string, string>();
  for (const { version, statements } of documents) {
    for (const statement of statements) {
      for (const key of keysOfStatement(statement, version === '2012-10-17')) {
        if (!keys.has(key.toLowerCase())) keys.set(key.toLowerCase(), key);
      }
    }
  }
  return keys;
}
