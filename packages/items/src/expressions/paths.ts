/** Document paths with their names in place: where they lead, and whether two of them get in each other's way. */
import { type AttributeValue, attributeOf, type Item } from '../values/attribute-value.ts';

/** Names of attributes and of members of maps, indexes of lists; the first is a name. */
export type Path = readonly [string, ...(string | number)[]];

/** What is there in the item, if anything. */
export function valueAt(item: Item, path: Path): AttributeValue | undefined {
  let value = attributeOf(item, path[0]);
  for (let i = 1; i < path.length && value !== undefined; i++) value = memberOf(value, path[i]!);
  return value;
}

/** A member of a map or a list; undefined when the value is neither, or has none such. */
export function memberOf(value: AttributeValue, part: string | number): AttributeValue | undefined {
  if (typeof part === 'string') return 'M' in value ? attributeOf(value.M, part) : undefined;
  return 'L' in value ? value.L[part] : undefined;
}

/** As messages have it: `[a, [1], b]`. */
export const pathText = (path: Path): string =>
  `[${path.map(part => (typeof part === 'number' ? `[${part}]` : part)).join(', ')}]`;

export const samePath = (a: Path, b: Path): boolean => a.length === b.length && a.every((part, i) => part === b[i]);

/**
 * How two paths of one expression exclude each other: they conflict when one takes for a map what the other takes for a
 * list, and overlap when one is, or is part of, the other.
 */
export function collision(a: Path, b: Path): 'conflict' | 'overlap' | undefined {
  for (let i = 0; i < a.length && i < b.length; i++) {
    if (typeof a[i] !== typeof b[i]) return 'conflict';
    if (a[i] !== b[i]) return undefined;
  }
  return 'overlap';
}

/**
 * The first overlap among the paths, else the first conflict, in the words of DynamoDB.
 * Looks at paths of the same attribute only, so that many paths take no more time than few.
 */
export function collisionAmong(paths: readonly Path[]): string | undefined {
  let conflict: string | undefined;
  const byAttribute = new Map<string, Path[]>();
  for (const path of paths) {
    const others = byAttribute.get(path[0]) ?? [];
    byAttribute.set(path[0], others);
    for (const other of others) {
      const found = collision(other, path);
      const story = `${found} with each other; must remove or rewrite one of these paths; path one: ${pathText(other)}, path two: ${pathText(path)}`;
      if (found === 'overlap') return `Two document paths ${story}`;
      if (found === 'conflict') conflict ??= `Two document paths ${story}`;
    }
    others.push(path);
  }
  return conflict;
}
