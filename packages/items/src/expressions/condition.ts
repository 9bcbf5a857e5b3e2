/** ConditionExpression and FilterExpression. */
import type { Item } from '../values/attribute-value.ts';
import type { Expression, PlaceholderUse } from './placeholders.ts';

export interface Condition {
  /** The top-level attributes that it looks at. */
  readonly attributes: ReadonlySet<string>;
  /** Whether the item meets it; undefined is an item that does not exist, which has no attributes. Never throws. */
  test(item: Item | undefined): boolean;
}

/**
 * @param kind what messages call it
 * @param use the request's; without it the expression is one that was accepted before (in a command), and limits of
 *   length and count are not asked again
 * @throws InvalidInput
 */
export function compileCondition(
  _expression: Expression,
  _kind: 'ConditionExpression' | 'FilterExpression',
  _use?: PlaceholderUse,
): Condition {
  throw new Error('unfinished');
}
