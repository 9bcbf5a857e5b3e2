/** Keys as bytes: equal where DynamoDB finds them equal, and in its order. */
import type { AttributeValue } from '../values/attribute-value.ts';

/**
 * Bytes of a value of type S, N or B, whose order (unsigned, shorter first) is DynamoDB's order among values of that type.
 * S and B are their own bytes (UTF-8); N has 1 to 22 bytes.
 *
 * @throws TypeError when the value is of another type
 */
export function keyBytes(_value: AttributeValue): Uint8Array {
  throw new Error('unfinished');
}
