/** KeyConditionExpression. */
import type { KeyRange, KeySchema } from '../keys/key-schema.ts';
import type { Expression, PlaceholderUse } from './placeholders.ts';

/**
 * The range of keys that the expression selects in a table or index of this schema.
 *
 * @throws InvalidInput
 */
export function compileKeyCondition(_expression: Expression, _schema: KeySchema, _use?: PlaceholderUse): KeyRange {
  throw new Error('unfinished');
}
