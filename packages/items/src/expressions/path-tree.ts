/** Paths joined where they begin alike, so that what they take from an item comes out as one item. */
import { type AttributeValue, attributeOf, type Item } from '../values/attribute-value.ts';
import { memberOf, type Path } from './paths.ts';

interface Branch {
  /** All of the value is wanted. */
  whole: boolean;
  readonly members: Map<string | number, Branch>;
}

export class PathTree {
  readonly #root: Branch = { whole: false, members: new Map() };

  constructor(paths: readonly Path[]) {
    for (const path of paths) {
      let branch = this.#root;
      for (const part of path) {
        let next = branch.members.get(part);
        if (next === undefined) {
          next = { whole: false, members: new Map() };
          branch.members.set(part, next);
        }
        branch = next;
      }
      branch.whole = true;
    }
  }

  /** The parts of the item that the paths lead to; those of a list move together. */
  project(item: Item): Item {
    return picked(this.#root, name => attributeOf(item, name as string));
  }
}

function part(value: AttributeValue, branch: Branch): AttributeValue | undefined {
  if (branch.whole) return value;
  if ('M' in value) {
    const members = picked(branch, name => memberOf(value, name));
    return Object.keys(members).length === 0 ? undefined : { M: members };
  }
  if (!('L' in value)) return undefined;
  const indexes = [...branch.members.keys()].filter(index => typeof index === 'number').sort((a, b) => a - b);
  const members = indexes.flatMap(index => {
    const member = value.L[index];
    return (member === undefined ? undefined : part(member, branch.members.get(index)!)) ?? [];
  });
  return members.length === 0 ? undefined : { L: members };
}

function picked(branch: Branch, memberAt: (name: string | number) => AttributeValue | undefined): Item {
  const entries: [string, AttributeValue][] = [];
  for (const [name, next] of branch.members) {
    const member = memberAt(name);
    const wanted = member === undefined || typeof name !== 'string' ? undefined : part(member, next);
    if (wanted !== undefined) entries.push([name as string, wanted]);
  }
  return Object.fromEntries(entries);
}
