/** Actions at paths, carried out together: what they do not reach is shared between the old item and the new one. */
import { ItemDoesNotSuit } from '../invalid-input.ts';
import type { AttributeValue, Item } from '../values/attribute-value.ts';
import { DEPTH_MAX } from '../values/checked-value.ts';
import { memberOf, type Path } from './paths.ts';
import type { Action } from './update-operands.ts';

interface Change {
  action: Action | undefined;
  readonly members: Map<string | number, Change>;
}

export class ChangeTree {
  readonly #root: Change = { action: undefined, members: new Map() };

  /** Paths must not collide with those that are there. */
  add(path: Path, action: Action): void {
    let change = this.#root;
    for (const part of path) {
      let next = change.members.get(part);
      if (next === undefined) {
        next = { action: undefined, members: new Map() };
        change.members.set(part, next);
      }
      change = next;
    }
    change.action = action;
  }

  /**
   * @param item the item as it was, which all operands see
   * @throws ItemDoesNotSuit
   */
  apply(item: Item): Item {
    return changedMap(item, this.#root, { item, level: 1 });
  }
}

interface Place {
  readonly item: Item;
  /** Of nesting, an attribute of the item being at the first. */
  readonly level: number;
}

function changedMap(map: Item, { members }: Change, place: Place): Item {
  const result: Record<string, AttributeValue> = { ...map };
  for (const [name, change] of members) {
    if (typeof name !== 'string') throw invalidPath();
    const value = changedMember(memberOf({ M: map }, name), change, place);
    if (value === undefined) delete result[name];
    else if (name === '__proto__')
      Object.defineProperty(result, name, { value, enumerable: true, configurable: true, writable: true });
    else result[name] = value;
  }
  return result;
}

function changedList(list: readonly AttributeValue[], { members }: Change, place: Place): readonly AttributeValue[] {
  const result: (AttributeValue | undefined)[] = [...list];
  // Indexes are those of the list as it was. What is set behind its end is appended, lower indexes first.
  const changes = [...members].sort(([a], [b]) => Number(a) - Number(b));
  for (const [index, change] of changes) {
    if (typeof index !== 'number') throw invalidPath();
    const value = changedMember(list[index], change, place);
    if (index < list.length) result[index] = value;
    else if (value !== undefined) result.push(value);
  }
  return result.filter(member => member !== undefined);
}

function changedMember(
  current: AttributeValue | undefined,
  change: Change,
  { item, level }: Place,
): AttributeValue | undefined {
  if (change.action !== undefined) {
    const value = change.action(current, item);
    if (level > 1 && value !== undefined && level - 1 + depthOf(value) > DEPTH_MAX)
      throw new ItemDoesNotSuit('Nesting Levels have exceeded supported limits');
    return value;
  }
  const place = { item, level: level + 1 };
  if (current !== undefined && 'M' in current) return { M: changedMap(current.M, change, place) };
  if (current !== undefined && 'L' in current) return { L: changedList(current.L, change, place) };
  throw invalidPath();
}

/** Levels of a value, itself the first. */
function depthOf(value: AttributeValue): number {
  let depth = 0;
  const members = 'M' in value ? Object.values(value.M) : 'L' in value ? value.L : [];
  for (const member of members) depth = Math.max(depth, depthOf(member));
  return depth + 1;
}

const invalidPath = (): ItemDoesNotSuit =>
  new ItemDoesNotSuit('The document path provided in the update expression is invalid for update');
