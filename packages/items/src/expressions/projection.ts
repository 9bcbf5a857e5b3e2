/** ProjectionExpression. */
import type { Item } from '../values/attribute-value.ts';
import { checkReserved, checkText } from './limits.ts';
import { parseProjection } from './parse-projection.ts';
import { PathTree } from './path-tree.ts';
import { collisionAmong } from './paths.ts';
import { Binder, type Expression, type PlaceholderUse } from './placeholders.ts';
import { remembered } from './remembered.ts';

export interface Projection {
  /** The top-level attributes that it takes from. */
  readonly attributes: ReadonlySet<string>;
  /** The parts of the item that it names. */
  project(item: Item): Item;
}

const KIND = 'ProjectionExpression';

const parsed = remembered(text => {
  const paths = parseProjection(text);
  checkReserved(KIND, paths);
  return paths;
});

/** @throws InvalidInput; for `use` see `compileCondition` */
export function compileProjection(expression: Expression, use?: PlaceholderUse): Projection {
  if (use !== undefined) checkText(KIND, expression.text);
  const binder = new Binder(KIND, expression, use);
  const paths = parsed(expression.text).map(path => binder.path(path));
  const collision = collisionAmong(paths);
  if (collision !== undefined) throw binder.invalid(collision);
  const tree = new PathTree(paths);
  return { attributes: new Set(paths.map(path => path[0])), project: item => tree.project(item) };
}
