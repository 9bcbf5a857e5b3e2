/** ProjectionExpression. */
import type { Item } from '../values/attribute-value.ts';
import type { Expression, PlaceholderUse } from './placeholders.ts';

export interface Projection {
  /** The top-level attributes that it takes from. */
  readonly attributes: ReadonlySet<string>;
  /** The parts of the item that it names. */
  project(item: Item): Item;
}

/** @throws InvalidInput; for `use` see `compileCondition` */
export function compileProjection(_expression: Expression, _use?: PlaceholderUse): Projection {
  throw new Error('unfinished');
}
