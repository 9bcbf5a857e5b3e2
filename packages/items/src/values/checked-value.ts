/** Values from outside, checked deeply and brought into their canonical form. */
import type { AttributeValue, Item } from './attribute-value.ts';

/**
 * The value in canonical form: numbers as DynamoDB prints them, base64 without surprises.
 *
 * @throws InvalidInput when it is no value, empty where it must not be, nested deeper than 32, or out of a number's limits
 */
export function checkedValue(_value: unknown): AttributeValue {
  throw new Error('unfinished');
}

/**
 * The item in canonical form. Its size and keys are the caller's to check.
 *
 * @throws InvalidInput as `checkedValue`
 */
export function checkedItem(_value: unknown): Item {
  throw new Error('unfinished');
}
