/** UpdateExpression. */
import type { Item } from '../values/attribute-value.ts';
import { ChangeTree } from './change-tree.ts';
import { checkOperators, checkText } from './limits.ts';
import { boundOperand } from './operand-types.ts';
import { parseUpdate } from './parse-update.ts';
import { PathTree } from './path-tree.ts';
import { collisionAmong } from './paths.ts';
import { Binder, type Expression, type PlaceholderUse } from './placeholders.ts';
import { remembered } from './remembered.ts';
import type { UpdateActionNode } from './syntax.ts';
import { checkArithmetic, checkClauseType, checkForm, checkOperand, pathsOf } from './update-checks.ts';
import {
  type Action,
  adding,
  arithmetic,
  deleting,
  EXPRESSION_MISMATCH,
  LEGACY_MISMATCH,
  sourceOf,
} from './update-operands.ts';

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

const KIND = 'UpdateExpression';

const parsed = remembered(text => {
  const update = parseUpdate(text);
  checkForm(update.root);
  return { ...update, paths: pathsOf(update.root) };
});

/** @throws InvalidInput; for `use` see `compileCondition` */
export function compileUpdate(expression: Expression, use?: PlaceholderUse): Update {
  if (use !== undefined) checkText(KIND, expression.text);
  const { root, operators, paths: allPaths } = parsed(expression.text);
  if (use !== undefined) checkOperators(KIND, operators);
  const binder = new Binder(KIND, expression, use);
  // Names that are missing come before values that are.
  for (const path of allPaths) binder.path(path);
  const paths = root.actions.map(({ path }) => binder.path(path));
  const bound = root.actions.map(action => boundAction(action, binder));
  const collision = collisionAmong(paths);
  if (collision !== undefined) throw binder.invalid(collision);
  const mismatch = expression.legacy === true ? LEGACY_MISMATCH : EXPRESSION_MISMATCH;
  for (const action of bound) if (action.clause === 'ADD' || action.clause === 'DELETE') action.check();
  const changes = new ChangeTree();
  bound.forEach((action, i) => {
    if (action.clause === 'SET') action.check();
    changes.add(paths[i]!, action.toAction(mismatch));
  });
  let tree: PathTree | undefined;
  return {
    attributes: new Set(paths.map(path => path[0])),
    apply: (item, key) => changes.apply(item ?? key),
    touched: item => {
      tree ??= new PathTree(paths);
      return item === undefined ? {} : tree.project(item);
    },
  };
}

interface BoundAction {
  readonly clause: UpdateActionNode['clause'];
  /** @throws InvalidInput when the operands suit no item */
  check(): void;
  toAction(mismatch: string): Action;
}

function boundAction(node: UpdateActionNode, binder: Binder): BoundAction {
  const { clause } = node;
  if (clause === 'REMOVE') return { clause, check: () => {}, toAction: () => () => undefined };
  if (clause !== 'SET') {
    const value = binder.value(node.value);
    const make = clause === 'ADD' ? adding : deleting;
    return {
      clause,
      check: () => checkClauseType(binder, clause, value),
      toAction: mismatch => make(value, mismatch),
    };
  }
  if (node.value.kind === 'arithmetic') {
    const { operator, operands } = node.value;
    const [left, right] = [boundOperand(operands[0], binder), boundOperand(operands[1], binder)];
    return {
      clause,
      check: () => checkArithmetic(binder, operator, [left, right]),
      toAction: mismatch => {
        const compute = arithmetic(operator, sourceOf(left, mismatch), sourceOf(right, mismatch), mismatch);
        return (_current, item) => compute(item);
      },
    };
  }
  const operand = boundOperand(node.value, binder);
  return {
    clause,
    check: () => checkOperand(binder, operand),
    toAction: mismatch => {
      const compute = sourceOf(operand, mismatch);
      return (_current, item) => compute(item);
    },
  };
}
