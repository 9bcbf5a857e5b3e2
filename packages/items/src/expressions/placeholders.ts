/** `#names` and `:values` of a request: their form, and that every one is used by some expression. */
import type { Item } from '../values/attribute-value.ts';

/** Both in canonical form, with their `#` and `:`. */
export interface Placeholders {
  readonly names?: Readonly<Record<string, string>>;
  readonly values?: Item;
}

/** An expression and what its placeholders stand for; what commands carry. */
export interface Expression extends Placeholders {
  readonly text: string;
}

/**
 * `ExpressionAttributeNames` and `ExpressionAttributeValues` as they came with a request, checked.
 *
 * @throws InvalidInput
 */
export function checkedPlaceholders(_names: unknown, _values: unknown): Placeholders {
  throw new Error('unfinished');
}

/** Gathers over all expressions of one request which placeholders they use. */
export class PlaceholderUse {
  readonly names = new Set<string>();
  readonly values = new Set<string>();

  /** @throws InvalidInput when one of `placeholders` is used by no expression */
  checkAllUsed(_placeholders: Placeholders): void {
    throw new Error('unfinished');
  }
}
