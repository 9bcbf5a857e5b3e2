/** What WHERE says of keys: which items a read has to look at, and which one item a write is about. */
import { compileKeyCondition } from '../expressions/key-condition.ts';
import { InvalidInput } from '../invalid-input.ts';
import { type KeyAttribute, type KeyRange, type KeySchema, keyAttributes } from '../keys/key-schema.ts';
import { type AttributeValue, type Item, typeOf } from '../values/attribute-value.ts';
import { compareValues, equalValues } from '../values/compare-values.ts';
import { conditionText, membersOf } from './conditions.ts';
import { inStatement, StatementWriter } from './statement-writer.ts';
import type { OrderTerm, Term } from './syntax.ts';
import { isValue, type Parameters, termValue } from './values.ts';

/** Reads that one statement may become (Developer Guide, "IN" of PartiQL: 50 values of a hash key). */
const READS_MAX = 50;

const MIRRORED = { '=': '=', '<>': '<>', '<': '>', '<=': '>=', '>': '<', '>=': '<=' } as const;

/** The terms that must all hold. */
const conjuncts = (where: Term | undefined): readonly Term[] =>
  where === undefined ? [] : where.kind === 'and' ? where.parts.flatMap(conjuncts) : [where];

/**
 * Values of an attribute outside of which WHERE cannot hold; undefined when it does not tell.
 *
 * @throws InvalidInput when one is of another type than the key
 */
function valuesOf(term: Term, key: KeyAttribute, parameters: Parameters): readonly AttributeValue[] | undefined {
  switch (term.kind) {
    case 'and': {
      const found = term.parts.map(part => valuesOf(part, key, parameters)).filter(each => each !== undefined);
      return found.toSorted((a, b) => a.length - b.length)[0];
    }
    case 'or': {
      const parts = term.parts.map(part => valuesOf(part, key, parameters));
      return parts.every(part => part !== undefined) ? parts.flat() : undefined;
    }
    case 'in': {
      const members = membersOf(term.among);
      if (!isAttribute(term.operand, key) || !members.every(isValue)) return undefined;
      return members.map(member => keyValue(member, key, parameters));
    }
    case 'compare': {
      const value = term.operator === '=' ? comparedWith(term, key)?.value : undefined;
      return value && [keyValue(value, key, parameters)];
    }
    default:
      return undefined;
  }
}

const isAttribute = (term: Term, { name }: KeyAttribute): boolean =>
  term.kind === 'path' && term.parts.length === 1 && term.parts[0] === name;

/** The value that a key is compared with, with the key on the left. */
function comparedWith({ operator, operands: [left, right] }: Extract<Term, { kind: 'compare' }>, key: KeyAttribute) {
  if (isAttribute(left, key) && isValue(right)) return { value: right, operator };
  if (isAttribute(right, key) && isValue(left)) return { value: left, operator: MIRRORED[operator] };
  return undefined;
}

function keyValue(term: Term, { name, type }: KeyAttribute, parameters: Parameters): AttributeValue {
  const value = termValue(term, parameters);
  if (!['S', 'N', 'B'].includes(typeOf(value)))
    throw new InvalidInput(`Key value must be of type S, N, or B. Key name: ${name}, Key type: ${typeOf(value)}`);
  if (!(type in value))
    throw new InvalidInput(`Key attribute's data type should match its data type in table's schema: Key ${name}`);
  return value;
}

/** Ranges of keys that hold all items for which WHERE can hold, and the order in which they are read. */
export interface KeyReads {
  /** Undefined: all of the table or index. */
  readonly ranges: readonly KeyRange[] | undefined;
  readonly isReverse: boolean;
}

/** @throws InvalidInput when WHERE or ORDER BY does not suit the keys of the table or index */
export function readsOf(
  where: Term | undefined,
  order: readonly OrderTerm[],
  schema: KeySchema,
  parameters: Parameters,
): KeyReads {
  const hashes = where && valuesOf(where, schema.hash, parameters);
  const distinct = hashes && withoutRepeated(hashes);
  if (distinct !== undefined && distinct.length > READS_MAX)
    throw new InvalidInput('Too many decomposed read operations for a given query.');
  checkOrder(order, schema, where, distinct);
  const isReverse = order.some(each => each.attribute === schema.range?.name && each.isDescending);
  if (distinct === undefined) return { ranges: undefined, isReverse };
  const ofHash = order.find(({ attribute }) => attribute === schema.hash.name);
  const sorted = ofHash === undefined ? distinct : distinct.toSorted((a, b) => compareValues(a, b)!);
  if (ofHash?.isDescending === true) sorted.reverse();
  const range = rangeTerm(where!, schema, parameters);
  return { ranges: sorted.map(hash => rangeOf(hash, range, schema, parameters)), isReverse };
}

const withoutRepeated = (values: readonly AttributeValue[]): AttributeValue[] =>
  values.filter((value, i) => values.findIndex(each => equalValues(each, value)) === i);

function checkOrder(
  order: readonly OrderTerm[],
  schema: KeySchema,
  where: Term | undefined,
  hashes: readonly AttributeValue[] | undefined,
): void {
  if (order.length === 0) return;
  if (where === undefined)
    throw new InvalidInput('Must have WHERE clause in the statement when using ORDER BY clause.');
  const names = keyAttributes(schema).map(({ name }) => name);
  const other = order.find(({ attribute }) => !names.includes(attribute));
  if (other !== undefined)
    throw new InvalidInput(`Variable reference ${other.attribute} in ORDER BY clause must be part of the primary key`);
  if (hashes === undefined)
    throw new InvalidInput(
      'Must have at least one non-optional hash key condition in WHERE clause when using ORDER BY clause.',
    );
  if (hashes.length > 1 && order[0]!.attribute !== schema.hash.name)
    throw new InvalidInput(
      'Must have hash key in ORDER BY clause when more than one hash key condition specified in WHERE clause.',
    );
}

/** A condition on the range key that must hold and that a query can use. */
function rangeTerm(where: Term, { range }: KeySchema, parameters: Parameters): Term | undefined {
  if (range === undefined) return undefined;
  return conjuncts(where).find(term => {
    const values = rangeValues(term, range);
    for (const value of values ?? []) keyValue(value, range, parameters);
    return values !== undefined;
  });
}

/** What a query would compare the range key with; undefined when it could not. */
function rangeValues(term: Term, range: KeyAttribute): readonly Term[] | undefined {
  if (term.kind === 'compare') {
    const compared = comparedWith(term, range);
    return compared === undefined || compared.operator === '<>' ? undefined : [compared.value];
  }
  if (term.kind === 'between') {
    const [operand, ...bounds] = term.operands;
    return isAttribute(operand, range) && bounds.every(isValue) ? bounds : undefined;
  }
  if (term.kind !== 'call' || term.name !== 'begins_with' || range.type === 'N') return undefined;
  const [operand, prefix, ...more] = term.operands;
  const fits = operand !== undefined && isAttribute(operand, range) && prefix !== undefined && isValue(prefix);
  return fits && more.length === 0 ? [prefix] : undefined;
}

function rangeOf(hash: AttributeValue, term: Term | undefined, schema: KeySchema, parameters: Parameters): KeyRange {
  const writer = new StatementWriter([...parameters, hash]);
  const isHash = `${writer.path({ parts: [schema.hash.name] })} = ${writer.value({ kind: 'parameter', index: parameters.length })}`;
  const text = term === undefined ? isHash : `${isHash} AND ${conditionText(term, writer)}`;
  return inStatement(() => compileKeyCondition(writer.expression(text), schema));
}

/** The one item of a write, and what WHERE asks besides. */
export interface KeyedItem {
  /** Undefined when WHERE does not name the whole key. */
  readonly key: Item | undefined;
  readonly rest: readonly Term[];
}

/** @throws InvalidInput when WHERE names two keys, or one of another type */
export function keyOf(where: Term | undefined, schema: KeySchema, parameters: Parameters): KeyedItem {
  const key: Record<string, AttributeValue> = {};
  const rest: Term[] = [];
  const attributes = keyAttributes(schema);
  for (const term of conjuncts(where)) {
    const found =
      term.kind === 'compare' && term.operator === '=' ? attributes.find(each => comparedWith(term, each)) : undefined;
    if (found === undefined) {
      rest.push(term);
      continue;
    }
    const value = keyValue(comparedWith(term as Extract<Term, { kind: 'compare' }>, found)!.value, found, parameters);
    const earlier = Object.hasOwn(key, found.name) ? key[found.name] : undefined;
    if (earlier !== undefined && !equalValues(earlier, value))
      throw new InvalidInput(
        `Multiple conditions on same key ${found.name}. Only single item Update/Insert/Delete are supported`,
      );
    Object.defineProperty(key, found.name, { value, enumerable: true, configurable: true, writable: true });
  }
  return { key: attributes.every(({ name }) => Object.hasOwn(key, name)) ? key : undefined, rest };
}
