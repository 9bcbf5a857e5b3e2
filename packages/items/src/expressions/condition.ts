/** ConditionExpression and FilterExpression. */
import { type AttributeValue, type Item, typeOf } from '../values/attribute-value.ts';
import { compareValues, equalValues } from '../values/compare-values.ts';
import { checkForm, checkPredicate } from './condition-checks.ts';
import { contains, sizeOf, startsWith } from './condition-functions.ts';
import { checkOperators, checkText } from './limits.ts';
import { type BoundOperand, boundOperand } from './operand-types.ts';
import { parseCondition } from './parse-condition.ts';
import { valueAt } from './paths.ts';
import { Binder, type Expression, type PlaceholderUse } from './placeholders.ts';
import { remembered } from './remembered.ts';
import type { Comparator, ConditionNode, PredicateNode } from './syntax.ts';

export interface Condition {
  /** The top-level attributes that it looks at. */
  readonly attributes: ReadonlySet<string>;
  /** Whether the item meets it; undefined is an item that does not exist, which has no attributes. Never throws. */
  test(item: Item | undefined): boolean;
}

type ConditionKind = 'ConditionExpression' | 'FilterExpression';
type Test = (item: Item) => boolean;
type Operand = (item: Item) => AttributeValue | undefined;

const NO_ITEM: Item = {};

const parsers = {
  ConditionExpression: remembered(text => parsedAndChecked('ConditionExpression', text)),
  FilterExpression: remembered(text => parsedAndChecked('FilterExpression', text)),
};

/**
 * @param kind what messages call it
 * @param use the request's; without it the expression is one that was accepted before (in a command), and limits of
 *   length and count are not asked again
 * @throws InvalidInput
 */
export function compileCondition(expression: Expression, kind: ConditionKind, use?: PlaceholderUse): Condition {
  if (use !== undefined) checkText(kind, expression.text);
  const { root, operators } = parsers[kind](expression.text);
  if (use !== undefined) checkOperators(kind, operators);
  const attributes = new Set<string>();
  const test = testOf(root, { binder: new Binder(kind, expression, use), attributes });
  return { attributes, test: item => test(item ?? NO_ITEM) };
}

function parsedAndChecked(kind: ConditionKind, text: string) {
  const parsed = parseCondition(kind, text);
  checkForm(kind, parsed);
  return parsed;
}

interface Compilation {
  readonly binder: Binder;
  readonly attributes: Set<string>;
}

function testOf(node: ConditionNode, compilation: Compilation): Test {
  switch (node.kind) {
    case 'and': {
      const parts = node.parts.map(part => testOf(part, compilation));
      return item => parts.every(part => part(item));
    }
    case 'or': {
      const parts = node.parts.map(part => testOf(part, compilation));
      return item => parts.some(part => part(item));
    }
    case 'not': {
      const part = testOf(node.part, compilation);
      return item => !part(item);
    }
    default:
      return predicateTest(node, compilation);
  }
}

function predicateTest(node: PredicateNode, { binder, attributes }: Compilation): Test {
  const bound = node.operands.map(operand => boundOperand(operand, binder));
  checkPredicate(binder, node, bound);
  const operands = bound.map(operand => operandOf(operand, attributes));
  switch (node.kind) {
    case 'compare':
      return comparison(node.operator, operands[0]!, operands[1]!);
    case 'between': {
      const notLess = comparison('>=', operands[0]!, operands[1]!);
      const notGreater = comparison('<=', operands[0]!, operands[2]!);
      return item => notLess(item) && notGreater(item);
    }
    case 'in': {
      const equalities = operands.slice(1).map(each => comparison('=', operands[0]!, each));
      return item => equalities.some(isEqual => isEqual(item));
    }
    default:
      return functionTest(node.name, operands);
  }
}

function functionTest(name: string, operands: readonly Operand[]): Test {
  const [first, second] = operands as readonly [Operand, Operand];
  switch (name) {
    case 'attribute_exists':
      return item => first(item) !== undefined;
    case 'attribute_not_exists':
      return item => first(item) === undefined;
    case 'attribute_type':
      return both(first, second, (value, type) => 'S' in type && typeOf(value) === type.S);
    case 'begins_with':
      return both(first, second, startsWith);
    default:
      return both(first, second, contains);
  }
}

function comparison(operator: Comparator, left: Operand, right: Operand): Test {
  switch (operator) {
    case '=':
      return both(left, right, equalValues);
    case '<>': {
      // What is not there differs from everything.
      const isEqual = both(left, right, equalValues);
      return item => !isEqual(item);
    }
    case '<':
      return both(left, right, (a, b) => (compareValues(a, b) ?? 0) < 0);
    case '>':
      return both(left, right, (a, b) => (compareValues(a, b) ?? 0) > 0);
    case '<=':
      return both(left, right, (a, b) => (compareValues(a, b) ?? 1) <= 0);
    default:
      return both(left, right, (a, b) => (compareValues(a, b) ?? -1) >= 0);
  }
}

/** False where one of them is not there. */
function both(left: Operand, right: Operand, judge: (a: AttributeValue, b: AttributeValue) => boolean): Test {
  return item => {
    const a = left(item);
    if (a === undefined) return false;
    const b = right(item);
    return b !== undefined && judge(a, b);
  };
}

function operandOf(operand: BoundOperand, attributes: Set<string>): Operand {
  if (operand.kind === 'value') return () => operand.value;
  if (operand.kind === 'path') {
    attributes.add(operand.path[0]);
    return item => valueAt(item, operand.path);
  }
  const inner = operandOf(operand.operands[0]!, attributes);
  return item => {
    const value = inner(item);
    return value === undefined ? undefined : sizeOf(value);
  };
}
