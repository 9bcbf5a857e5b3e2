/** Objects whose keys come from the client. */

// `out['__proto__'] = value` would change the prototype of `out` rather than add a key.
/** Adds a key to a record; `__proto__` becomes an ordinary key. */
export function putEntry(record: Record<string, unknown>, key: string, value: unknown): void {
  if (key === '__proto__') {
    Object.defineProperty(record, key, { value, enumerable: true, configurable: true, writable: true });
  } else record[key] = value;
}
