/** UpdateExpression. */
import type { Item } from '../values/attribute-value.ts';
import type { Expression, PlaceholderUse } from './placeholders.ts';

export interface Update {
  /** The top-level attributes that it changes. */
  readonly attributes: ReadonlySet<string>;
  /**
   * The item as it is afterwards; `item` stays as it was. An item that does not exist begins as its key.
   *
   * @throws ItemDoesNotSuit
   */
  apply(item: Item | undefined, key: Item): Item;
  /** The parts of an item that the update changes: UPDATED_OLD of the item before, UPDATED_NEW of the one after. */
  touched(item: Item | undefined): Item;
}

/** @throws InvalidInput; for `use` see `compileCondition` */
export function compileUpdate(_expression: Expression, _use?: PlaceholderUse): Update {
  throw new Error('unfinished');
}
