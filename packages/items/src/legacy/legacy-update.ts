/** `AttributeUpdates` and `AttributesToGet`, which were there before there were expressions, as expressions. */
import type { Expression } from '../expressions/placeholders.ts';
import { InvalidInput } from '../invalid-input.ts';
import { type TypeName, typeOf } from '../values/attribute-value.ts';
import { checkedValue } from '../values/checked-value.ts';
import { ExpressionWriter } from './expression-writer.ts';

/** What a request has for an attribute; the action is PUT when it has none. */
export interface LegacyUpdate {
  readonly Action?: string;
  readonly Value?: unknown;
}

const INVALID = 'One or more parameter values were invalid: ';
const ADDABLE: readonly TypeName[] = ['N', 'SS', 'NS', 'BS', 'L'];
const DELETABLE: readonly TypeName[] = ['SS', 'NS', 'BS'];

/**
 * `AttributeUpdates` of an UpdateItem; undefined when it changes nothing.
 *
 * @throws InvalidInput
 */
export function attributeUpdatesToUpdate(updates: Readonly<Record<string, LegacyUpdate>>): Expression | undefined {
  const writer = new ExpressionWriter();
  const clauses = new Map<string, string[]>();
  for (const [attribute, update] of Object.entries(updates)) {
    const { clause, term } = action(writer, attribute, update);
    clauses.set(clause, [...(clauses.get(clause) ?? []), term]);
  }
  if (clauses.size === 0) return undefined;
  return writer.expression([...clauses].map(([clause, terms]) => `${clause} ${terms.join(', ')}`).join(' '));
}

/**
 * `AttributesToGet` of a read.
 *
 * @throws InvalidInput
 */
export function attributesToGetToProjection(attributes: readonly string[]): Expression {
  const twice = attributes.find((attribute, i) => attributes.indexOf(attribute) !== i);
  if (twice !== undefined) throw new InvalidInput(`${INVALID}Duplicate value in attribute name: ${twice}`);
  const writer = new ExpressionWriter();
  return writer.expression(attributes.map(attribute => writer.name(attribute)).join(', '));
}

function action(
  writer: ExpressionWriter,
  attribute: string,
  { Action: name = 'PUT', Value: value }: LegacyUpdate,
): { clause: 'SET' | 'REMOVE' | 'ADD' | 'DELETE'; term: string } {
  if (!['PUT', 'ADD', 'DELETE'].includes(name)) throw new InvalidInput(`${INVALID}Unknown Action: ${name}`);
  if (value === undefined) {
    if (name !== 'DELETE')
      throw new InvalidInput(`${INVALID}Only DELETE action is allowed when no attribute value is specified`);
    return { clause: 'REMOVE', term: writer.name(attribute) };
  }
  const checked = checkedValue(value);
  const type = typeOf(checked);
  if (name === 'DELETE' && !DELETABLE.includes(type))
    throw new InvalidInput(`${INVALID}DELETE action with value is not supported for the type ${type}`);
  if (name === 'ADD' && !ADDABLE.includes(type))
    throw new InvalidInput(`${INVALID}ADD action is not supported for the type ${type}`);
  const path = writer.name(attribute);
  const operand = writer.value(checked);
  if (name === 'PUT') return { clause: 'SET', term: `${path} = ${operand}` };
  // Expressions do not add to lists: these are appended.
  if (name === 'ADD' && type === 'L') {
    const empty = writer.value({ L: [] });
    return { clause: 'SET', term: `${path} = list_append(if_not_exists(${path}, ${empty}), ${operand})` };
  }
  return { clause: name === 'ADD' ? 'ADD' : 'DELETE', term: `${path} ${operand}` };
}
