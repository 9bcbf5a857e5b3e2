/** The facts of one request that conditions and policy variables read. */

/** A single value, or the list of a multivalued key such as `aws:TagKeys`. */
export type ContextValue = string | readonly string[];

/**
 * Condition keys of a request. Keys are asked for in lower case, because IAM ignores their case; a `Map` with such keys
 * will do. Asking must be cheap and may be lazy: a policy without conditions asks for nothing.
 */
export interface RequestContext {
  get(key: string): ContextValue | undefined;
}

export const EMPTY_CONTEXT: RequestContext = { get: () => undefined };

/** A context from plain names and values, whatever their case. */
export function contextOf(values: Readonly<Record<string, ContextValue>>): RequestContext {
  const lower = new Map<string, ContextValue>();
  for (const [key, value] of Object.entries(values)) lower.set(key.toLowerCase(), value);
  return lower;
}
