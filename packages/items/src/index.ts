/** What an item is: values, their numbers, order, sizes and keys, and the expressions over them. Pure, no state. */
export { type Condition, compileCondition } from './expressions/condition.ts';
export { compileKeyCondition } from './expressions/key-condition.ts';
export { checkedPlaceholders, type Expression, type Placeholders, PlaceholderUse } from './expressions/placeholders.ts';
export { compileProjection, type Projection } from './expressions/projection.ts';
export { compileUpdate, type Update } from './expressions/update.ts';
export { InvalidInput, ItemDoesNotSuit, KeyMismatch } from './invalid-input.ts';
export { keyBytes } from './keys/key-bytes.ts';
export {
  checkIndexKey,
  checkItemKey,
  checkKey,
  type KeyAttribute,
  type KeyBound,
  type KeyRange,
  type KeySchema,
  type KeyValues,
  keyAttributes,
  keyItem,
  keyValues,
  NO_SUCH_KEY,
} from './keys/key-schema.ts';
export { checkFilterAttributes, checkKeyUnchanged } from './keys/key-use.ts';
export {
  expectedToCondition,
  filterToCondition,
  keyConditionsToKeyCondition,
  type LegacyCondition,
  type LegacyConditions,
} from './legacy/legacy-condition.ts';
export { attributesToGetToProjection, attributeUpdatesToUpdate, type LegacyUpdate } from './legacy/legacy-update.ts';
export { type KeyReads, keyOf, readsOf } from './partiql/keys.ts';
export { parseStatement } from './partiql/parse-statement.ts';
export { selectionOf } from './partiql/selection.ts';
export type { ExistsStatement, SelectStatement, Statement, StatementTarget } from './partiql/syntax.ts';
export {
  checkParameters,
  filterOf,
  type StatementWrite,
  type WriteStatement,
  writeOf,
} from './partiql/translate.ts';
export {
  type AttributeValue,
  attributeOf,
  type Item,
  type TypeName,
  typeOf,
  withAttribute,
  withoutAttribute,
} from './values/attribute-value.ts';
export { checkedItem, checkedValue } from './values/checked-value.ts';
export { compareValues, equalValues } from './values/compare-values.ts';
export { ITEM_BYTES_MAX, itemSize, valueSize } from './values/item-size.ts';
