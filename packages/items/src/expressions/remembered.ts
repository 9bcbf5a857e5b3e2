/** Texts that were parsed before: a client sends the same few expressions over and over. */

/** A function that remembers its last results, those used last longest. What it threw it forgets. */
export function remembered<T>(parse: (text: string) => T, entriesMax = 500): (text: string) => T {
  const results = new Map<string, T>();
  return text => {
    let result = results.get(text);
    if (result === undefined) {
      result = parse(text);
      if (results.size >= entriesMax) results.delete(results.keys().next().value!);
    } else results.delete(text);
    results.set(text, result);
    return result;
  };
}
