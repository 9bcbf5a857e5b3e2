/** Order and equality of canonical values, as conditions see them. */
import type { AttributeValue } from './attribute-value.ts';

/** Negative, zero or positive for two values of type S, N or B; undefined when their types differ or have no order. */
export function compareValues(_a: AttributeValue, _b: AttributeValue): number | undefined {
  throw new Error('unfinished');
}

/** Whether two values are of one type and the same; the order of sets and maps does not matter. */
export function equalValues(_a: AttributeValue, _b: AttributeValue): boolean {
  throw new Error('unfinished');
}
