/** The meaning of expressions, said as simply as possible: what the tests hold the real evaluator against. */
import type { AttributeValue, Item } from '../values/attribute-value.ts';
import type { TreeAction, TreeCondition, TreeOperand, TreePath, TreeSource } from './expression-trees.ts';
import { fingerprint, membersOf, numberOf, type Plain, plain, plainItem } from './plain-values.ts';

/** Nobody could carry out the update. */
export class Impossible extends Error {}

export function holds(tree: TreeCondition, item: Item): boolean {
  return judge(tree, plainItem(item));
}

function judge(tree: TreeCondition, item: Map<string, Plain>): boolean {
  const value = (operand: TreeOperand) => operandValue(operand, item);
  if ('all' in tree) return !tree.all.some(part => !judge(part, item));
  if ('any' in tree) return tree.any.some(part => judge(part, item));
  if ('not' in tree) return !judge(tree.not, item);
  if ('compare' in tree) return compare(value(tree.a), tree.compare, value(tree.b));
  if ('between' in tree)
    return compare(value(tree.low), '<=', value(tree.between)) && compare(value(tree.between), '<=', value(tree.high));
  if ('oneOf' in tree) return tree.oneOf.some(each => compare(value(tree.operand), '=', value(each)));
  if ('exists' in tree) return (find(tree.exists, item) !== undefined) === tree.wanted;
  const found = find(tree.at, item);
  if (found === undefined) return false;
  if ('hasType' in tree) return found.type === tree.hasType;
  if ('beginsWith' in tree) {
    const prefix = value(tree.beginsWith);
    if (found.type === 'S' && prefix?.type === 'S') return found.text.slice(0, prefix.text.length) === prefix.text;
    return found.type === 'B' && prefix?.type === 'B' && found.hex.indexOf(prefix.hex) === 0;
  }
  const part = value(tree.contains);
  return part !== undefined && hasPart(found, part);
}

function hasPart(whole: Plain, part: Plain): boolean {
  switch (whole.type) {
    case 'S':
      return part.type === 'S' && whole.text.split(part.text).length > (part.text === '' ? -1 : 1);
    case 'B':
      return part.type === 'B' && pairs(whole.hex).join().concat(',').includes(pairs(part.hex).join().concat(','));
    case 'L':
      return membersOf(whole.places).some(member => fingerprint(member) === fingerprint(part));
    case 'SS':
      return part.type === 'S' && whole.members.has(part.text);
    case 'NS':
      return part.type === 'N' && whole.members.has(numberOf(part.units)!);
    case 'BS':
      return part.type === 'B' && whole.members.has(Buffer.from(part.hex, 'hex').toString('base64'));
    default:
      return false;
  }
}

const pairs = (hex: string): string[] => hex.match(/../g) ?? [];

function operandValue(operand: TreeOperand, item: Map<string, Plain>): Plain | undefined {
  if ('literal' in operand) return plain(operand.literal);
  if ('path' in operand) return find(operand.path, item);
  const found = find(operand.sizeOf, item);
  const size = found === undefined ? undefined : sizeOf(found);
  return size === undefined ? undefined : plain({ N: `${size}` });
}

function sizeOf(value: Plain): number | undefined {
  if (value.type === 'S') return value.text.length;
  if (value.type === 'B') return value.hex.length / 2;
  if (value.type === 'L') return value.places.size;
  return 'members' in value ? value.members.size : undefined;
}

function compare(a: Plain | undefined, operator: string, b: Plain | undefined): boolean {
  if (operator === '<>') return !compare(a, '=', b);
  if (a === undefined || b === undefined) return false;
  if (operator === '=') return fingerprint(a) === fingerprint(b);
  const order = orderOf(a, b);
  if (order === undefined) return false;
  return operator.startsWith('<')
    ? order < 0 || (operator === '<=' && order === 0)
    : order > 0 || (operator === '>=' && order === 0);
}

function orderOf(a: Plain, b: Plain): number | undefined {
  if (a.type === 'N' && b.type === 'N') return a.units < b.units ? -1 : a.units > b.units ? 1 : 0;
  if (a.type === 'S' && b.type === 'S') return Buffer.compare(Buffer.from(a.text), Buffer.from(b.text));
  // Hexadecimal digits are in order, and what is shorter comes first.
  if (a.type === 'B' && b.type === 'B') return a.hex < b.hex ? -1 : a.hex > b.hex ? 1 : 0;
  return undefined;
}

export function find(path: TreePath, item: Map<string, Plain>): Plain | undefined {
  let at: Plain | undefined = { type: 'M', members: item };
  for (const part of path) at = at === undefined ? undefined : step(at, part);
  return at;
}

function step(from: Plain, part: string | number): Plain | undefined {
  if (typeof part === 'string') return from.type === 'M' ? from.members.get(part) : undefined;
  return from.type === 'L' ? from.places.get(part) : undefined;
}

/** The item after the actions; operands see it as it was. Lists keep their places until the end. */
export function updated(actions: readonly TreeAction[], item: Item): Map<string, Plain> {
  const before = plainItem(item);
  const after = plainItem(item);
  for (const action of actions) {
    const path = 'set' in action ? action.set : 'remove' in action ? action.remove : action.at;
    const value = outcome(action, find(path, before), before);
    put(after, path, value);
  }
  return after;
}

function outcome(action: TreeAction, current: Plain | undefined, before: Map<string, Plain>): Plain | undefined {
  if ('remove' in action) return undefined;
  if ('to' in action) return sourceValue(action.to, before);
  if ('sum' in action)
    return sum(sourceValue(action.sum[0], before), action.sum[1], sourceValue(action.sum[2], before));
  if ('add' in action) return current === undefined ? plain(action.add) : added(current, action.add);
  if (current === undefined) return undefined;
  const gone = plain(action.take);
  if (current.type !== gone.type || !isSet(current) || !isSet(gone)) throw new Impossible('no sets of one type');
  const kept = [...current.members].filter(member => !gone.members.has(member));
  return kept.length === 0 ? undefined : { type: current.type, members: new Set(kept) };
}

function added(current: Plain, value: AttributeValue): Plain {
  const more = plain(value);
  if (current.type === 'N' && more.type === 'N') return sum(current, '+', more);
  if (current.type !== more.type || !isSet(current) || !isSet(more)) throw new Impossible('no sets of one type');
  return { type: current.type, members: new Set([...current.members, ...more.members]) };
}

const isSet = (value: Plain): value is Extract<Plain, { members: Set<string> }> =>
  'members' in value && value.members instanceof Set;

function sum(a: Plain, operator: '+' | '-', b: Plain): Plain {
  if (a.type !== 'N' || b.type !== 'N') throw new Impossible('no numbers');
  const units = operator === '+' ? a.units + b.units : a.units - b.units;
  if (numberOf(units) === undefined) throw new Impossible('no such number');
  return { type: 'N', units };
}

function sourceValue(source: TreeSource, item: Map<string, Plain>): Plain {
  if ('literal' in source) return plain(source.literal);
  if ('append' in source) {
    const lists = source.append.map(each => sourceValue(each, item));
    const members = lists.flatMap(list => {
      if (list.type !== 'L') throw new Impossible('no lists');
      return membersOf(list.places);
    });
    return { type: 'L', places: new Map(members.map((member, i) => [i, member])) };
  }
  const found = find('path' in source ? source.path : source.ifNotExists, item);
  if (found !== undefined) return found;
  if ('path' in source) throw new Impossible('nothing there');
  return sourceValue(source.otherwise, item);
}

function put(item: Map<string, Plain>, path: TreePath, value: Plain | undefined): void {
  const last = path.at(-1)!;
  const parent = find(path.slice(0, -1) as unknown as TreePath, item);
  if (typeof last === 'string' && parent?.type === 'M') {
    if (value === undefined) parent.members.delete(last);
    else parent.members.set(last, value);
  } else if (typeof last === 'number' && parent?.type === 'L') {
    if (value === undefined) parent.places.delete(last);
    else parent.places.set(last, value);
  } else throw new Impossible('the path leads nowhere');
}
