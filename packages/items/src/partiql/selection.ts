/** What SELECT shows of items. Unlike a projection, what is deep in an item comes out at the top, by its last name. */
import { valueAt } from '../expressions/paths.ts';
import type { Projection } from '../expressions/projection.ts';
import { InvalidInput } from '../invalid-input.ts';
import type { AttributeValue } from '../values/attribute-value.ts';
import type { PathParts, SelectStatement } from './syntax.ts';

/** Undefined for all of an item. @throws InvalidInput when two things have one name */
export function selectionOf({ paths }: SelectStatement): Projection | undefined {
  if (paths === undefined) return undefined;
  const selected = new Map<string, PathParts>();
  for (const { parts } of paths) {
    const name = shownName(parts);
    if (selected.has(name)) throw new InvalidInput(`Duplicate identifiers in select clause: ${name}`);
    selected.set(name, parts);
  }
  return {
    attributes: new Set(paths.map(({ parts }) => parts[0])),
    project: item => {
      const shown: [string, AttributeValue][] = [];
      for (const [name, parts] of selected) {
        const value = valueAt(item, parts);
        if (value !== undefined) shown.push([name, value]);
      }
      return Object.fromEntries(shown);
    },
  };
}

/** The last name in a path, with the indexes that follow it: `a.b[1]` is shown as `b[1]`. */
function shownName(parts: PathParts): string {
  const last = parts.findLastIndex(part => typeof part === 'string');
  return `${parts[last]}${parts
    .slice(last + 1)
    .map(index => `[${index}]`)
    .join('')}`;
}
