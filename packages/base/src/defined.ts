/** Leaves out members that are undefined, so that what was not given is absent rather than present and undefined. */
export function defined<T extends object>(values: T): { [Key in keyof T]?: Exclude<T[Key], undefined> } {
  const present: Record<string, unknown> = {};
  for (const [key, value] of Object.entries(values)) if (value !== undefined) present[key] = value;
  return present as { [Key in keyof T]?: Exclude<T[Key], undefined> };
}
