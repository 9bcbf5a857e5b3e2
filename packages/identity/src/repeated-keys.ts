/** Names that stand twice in one JSON object, which `JSON.parse` passes over: the last one wins, and nobody is told. */

/** Strings, and the marks that give JSON its shape. */
const TOKENS = /"[^"\\]*(?:\\.[^"\\]*)*"|[{}:]/g;

/** Whether any object of `json`, which is known to be well formed, has a name twice. */
export function hasRepeatedKeys(json: string): boolean {
  const objects: Set<string>[] = [];
  let lastString = '';
  for (const [token] of json.matchAll(TOKENS)) {
    if (token === '{') objects.push(new Set());
    else if (token === '}') objects.pop();
    else if (token !== ':') lastString = token;
    else {
      // The same name may be spelled in several ways.
      const key = JSON.parse(lastString) as string;
      const keys = objects.at(-1)!;
      if (keys.has(key)) return true;
      keys.add(key);
    }
  }
  return false;
}
