/**
 * Statements as the requests that they stand for: a read by keys with a filter, or a write of one item with a condition.
 * Keys, conditions and updates are those of the other operations; nothing here looks at an item.
 */
import { type Condition, compileCondition } from '../expressions/condition.ts';
import { type Expression, PlaceholderUse } from '../expressions/placeholders.ts';
import { compileUpdate } from '../expressions/update.ts';
import { InvalidInput } from '../invalid-input.ts';
import { type KeySchema, keyAttributes } from '../keys/key-schema.ts';
import { checkKeyUnchanged } from '../keys/key-use.ts';
import { type AttributeValue, attributeOf, type Item } from '../values/attribute-value.ts';
import { checkedItem } from '../values/checked-value.ts';
import { updateOf } from './changes.ts';
import { conditionText } from './conditions.ts';
import { keyOf } from './keys.ts';
import { inStatement, StatementWriter } from './statement-writer.ts';
import type {
  DeleteStatement,
  ExistsStatement,
  InsertStatement,
  Returning,
  Statement,
  Term,
  UpdateStatement,
} from './syntax.ts';
import { type Parameters, structOf } from './values.ts';

/** @throws InvalidInput when there are more or fewer parameters than the statement has places for */
export function checkParameters({ parameters }: Statement, given: Parameters): void {
  if (given.length !== parameters) throw new InvalidInput("Number of parameters in request and statement don't match.");
}

/** WHERE as a filter. @throws InvalidInput */
export function filterOf(where: Term, parameters: Parameters): Condition {
  const writer = new StatementWriter(parameters);
  const expression = writer.expression(conditionText(where, writer));
  return inStatement(() => compileCondition(expression, 'FilterExpression', new PlaceholderUse()));
}

/** What a write has to give back: the words that PutItem and UpdateItem have for it. */
export type Returns = 'ALL_OLD' | 'ALL_NEW' | 'UPDATED_OLD' | 'UPDATED_NEW';

/** A write of one item, as the commands of a cell have it. */
export type StatementWrite =
  | { readonly op: 'put'; readonly item: Item; readonly condition: Expression }
  | {
      readonly op: 'update';
      readonly key: Item;
      readonly update: Expression;
      readonly condition: Expression;
      readonly returns?: Returns;
    }
  | { readonly op: 'delete'; readonly key: Item; readonly condition?: Expression; readonly returns?: 'ALL_OLD' }
  | { readonly op: 'check'; readonly key: Item; readonly condition: Expression };

export type WriteStatement = InsertStatement | UpdateStatement | DeleteStatement | ExistsStatement;

/**
 * @param schema the table's
 * @throws InvalidInput when the statement does not suit the table
 */
export function writeOf(statement: WriteStatement, schema: KeySchema, parameters: Parameters): StatementWrite {
  if (statement.kind !== 'exists' && statement.target.index !== undefined)
    throw new InvalidInput('This operation is not supported on an index');
  switch (statement.kind) {
    case 'insert':
      return { op: 'put', item: insertedItem(statement, schema, parameters), condition: absence(schema) };
    case 'update':
      return updating(statement, schema, parameters);
    case 'delete':
      return deleting(statement, schema, parameters);
    case 'exists':
      return checking(statement, schema, parameters);
  }
}

function insertedItem({ item }: InsertStatement, schema: KeySchema, parameters: Parameters): Item {
  const fields = structOf(item, parameters);
  if (fields === undefined)
    throw new InvalidInput(
      'Unsupported format in item expression. Please use struct format {...} to express item values for insert statement.',
    );
  const checked = checkedItem(fields);
  for (const { name, type } of keyAttributes(schema)) {
    const value: AttributeValue | undefined = attributeOf(checked, name);
    if (value === undefined) throw new InvalidInput(`Key attribute should be present in the item: Key ${name}`);
    if (!(type in value))
      throw new InvalidInput(`Key attribute's data type should match its data type in table's schema: Key ${name}`);
  }
  return checked;
}

const absence = ({ hash }: KeySchema): Expression => ({ text: 'attribute_not_exists(#h)', names: { '#h': hash.name } });

/** An update is of an item that is there. */
function updating(
  { changes, where, returning }: UpdateStatement,
  schema: KeySchema,
  parameters: Parameters,
): StatementWrite {
  const { key, rest } = wholeKey(where, schema, parameters);
  const update = updateOf(changes, parameters);
  const compiled = inStatement(() => compileUpdate(update, new PlaceholderUse()));
  checkKeyUnchanged(compiled.attributes, schema);
  const condition = conditionOf(schema, 'attribute_exists', 'AND', rest, parameters);
  return { op: 'update', key, update, condition, ...(returning && { returns: returnsOf(returning) }) };
}

/** What is not there may be deleted, whatever else was asked of it. */
function deleting({ where, returning }: DeleteStatement, schema: KeySchema, parameters: Parameters): StatementWrite {
  if (returning !== undefined && returnsOf(returning) !== 'ALL_OLD')
    throw new InvalidInput(
      `Invalid returning clause: RETURNING ${returning.extent} ${returning.age} *. Only RETURNING ALL OLD * is allowed in DELETE statements.`,
    );
  const { key, rest } = wholeKey(where, schema, parameters);
  return {
    ...({ op: 'delete', key } as const),
    ...(rest.length > 0 && { condition: conditionOf(schema, 'attribute_not_exists', 'OR', rest, parameters) }),
    ...(returning && ({ returns: 'ALL_OLD' } as const)),
  };
}

function checking({ where, target }: ExistsStatement, schema: KeySchema, parameters: Parameters): StatementWrite {
  if (target.index !== undefined) throw new InvalidInput('Operations on indices are not supported in transactions');
  const { key, rest } = keyOf(where, schema, parameters);
  if (key === undefined || rest.length === 0)
    throw new InvalidInput('EXISTS() must contain a single item read with additional condition');
  return { op: 'check', key, condition: conditionOf(schema, 'attribute_exists', 'AND', rest, parameters) };
}

function wholeKey(where: Term | undefined, schema: KeySchema, parameters: Parameters) {
  const { key, rest } = keyOf(where, schema, parameters);
  if (key === undefined)
    throw new InvalidInput('Where clause does not contain a mandatory equality on all key attributes');
  return { key, rest };
}

/** Whether the item is there or not, and what else is asked of it. */
function conditionOf(
  { hash }: KeySchema,
  presence: 'attribute_exists' | 'attribute_not_exists',
  word: 'AND' | 'OR',
  rest: readonly Term[],
  parameters: Parameters,
): Expression {
  const writer = new StatementWriter(parameters);
  const isThere = `${presence}(${writer.path({ parts: [hash.name] })})`;
  const texts = rest.map(term => `(${conditionText(term, writer)})`);
  const asked = texts.length > 1 && word === 'OR' ? `(${texts.join(' AND ')})` : texts.join(' AND ');
  const expression = writer.expression(texts.length === 0 ? isThere : `${isThere} ${word} ${asked}`);
  inStatement(() => compileCondition(expression, 'ConditionExpression', new PlaceholderUse()));
  return expression;
}

const returnsOf = ({ extent, age }: Returning): Returns => `${extent === 'ALL' ? 'ALL' : 'UPDATED'}_${age}`;
