/** The operands of SET, evaluated over the item as it was, and what ADD and DELETE make of a value that is there. */
import { InvalidInput, ItemDoesNotSuit } from '../invalid-input.ts';
import { type AttributeValue, type Item, type TypeName, typeOf } from '../values/attribute-value.ts';
import { addNumbers, subtractNumbers } from '../values/decimal.ts';
import type { BoundOperand } from './operand-types.ts';
import { valueAt } from './paths.ts';

/** A new value, from the item as it was. */
export type Source = (item: Item) => AttributeValue;
/** What is at a path afterwards; undefined when nothing is. */
export type Action = (current: AttributeValue | undefined, item: Item) => AttributeValue | undefined;

/** How data types that do not suit are spoken of. */
export const EXPRESSION_MISMATCH = 'An operand in the update expression has an incorrect data type';
export const LEGACY_MISMATCH = 'Type mismatch for attribute to update';

export function sourceOf(operand: BoundOperand, mismatch: string): Source {
  if (operand.kind === 'value') return () => operand.value;
  if (operand.kind === 'path') return item => existing(valueAt(item, operand.path));
  const [first, second] = operand.operands as readonly [BoundOperand, BoundOperand];
  if (operand.name === 'list_append')
    return concatenation(sourceOf(first, mismatch), sourceOf(second, mismatch), mismatch);
  if (first.kind !== 'path') throw new TypeError('if_not_exists has a path');
  const fallback = sourceOf(second, mismatch);
  return item => valueAt(item, first.path) ?? fallback(item);
}

export function arithmetic(operator: '+' | '-', left: Source, right: Source, mismatch: string): Source {
  const compute = operator === '+' ? addNumbers : subtractNumbers;
  return item => {
    const a = left(item);
    const b = right(item);
    if (!('N' in a && 'N' in b)) throw new ItemDoesNotSuit(mismatch);
    return { N: fitting(() => compute(a.N, b.N)) };
  };
}

/** ADD: a number is added to a number, a set to a set of its type; where nothing is, the value is there then. */
export function adding(value: AttributeValue, mismatch: string): Action {
  return current => {
    if (current === undefined) return value;
    if ('N' in value && 'N' in current) return { N: fitting(() => addNumbers(current.N, value.N)) };
    return withMembers(current, value, mismatch, (members, more) => [...new Set([...members, ...more])]);
  };
}

/** DELETE: the members of a set are taken out of a set of its type; an empty set is no value. */
export function deleting(value: AttributeValue, mismatch: string): Action {
  return current => {
    if (current === undefined) return undefined;
    let left = 0;
    const result = withMembers(current, value, mismatch, (members, without) => {
      const gone = new Set(without);
      const kept = members.filter(member => !gone.has(member));
      left = kept.length;
      return kept;
    });
    return left === 0 ? undefined : result;
  };
}

const SETS: readonly TypeName[] = ['SS', 'NS', 'BS'];

/** Members of sets of one type, canonical and so equal as text. */
function withMembers(
  current: AttributeValue,
  value: AttributeValue,
  mismatch: string,
  combine: (members: readonly string[], others: readonly string[]) => string[],
): AttributeValue {
  const type = typeOf(current);
  if (type !== typeOf(value) || !SETS.includes(type)) throw new ItemDoesNotSuit(mismatch);
  if ('SS' in current && 'SS' in value) return { SS: combine(current.SS, value.SS) };
  if ('NS' in current && 'NS' in value) return { NS: combine(current.NS, value.NS) };
  if ('BS' in current && 'BS' in value) return { BS: combine(current.BS, value.BS) };
  throw new TypeError('a set is of one of three types');
}

function concatenation(left: Source, right: Source, mismatch: string): Source {
  return item => {
    const a = left(item);
    const b = right(item);
    if (!('L' in a && 'L' in b)) throw new ItemDoesNotSuit(mismatch);
    return { L: [...a.L, ...b.L] };
  };
}

function existing(value: AttributeValue | undefined): AttributeValue {
  if (value === undefined)
    throw new ItemDoesNotSuit('The provided expression refers to an attribute that does not exist in the item');
  return value;
}

/** A result that is no number of DynamoDB's is the item's doing as well as the request's. */
function fitting(compute: () => string): string {
  try {
    return compute();
  } catch (error) {
    throw error instanceof InvalidInput ? new ItemDoesNotSuit(error.message) : error;
  }
}
