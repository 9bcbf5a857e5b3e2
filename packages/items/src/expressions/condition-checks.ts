/** What is wrong with a condition whatever the item, in the order in which DynamoDB finds it. */
import { typeOf } from '../values/attribute-value.ts';
import { compareValues } from '../values/compare-values.ts';
import { checkReserved } from './limits.ts';
import { type BoundOperand, checkIsPath, checkOperandCount, checkType, pathNodes } from './operand-types.ts';
import type { ParsedCondition } from './parse-condition.ts';
import { pathText, samePath } from './paths.ts';
import { Binder } from './placeholders.ts';
import type { CallNode, ConditionNode, ExpressionKind, OperandNode, PredicateNode } from './syntax.ts';

/** How many operands each function takes. */
const FUNCTIONS: ReadonlyMap<string, number> = new Map([
  ['attribute_exists', 1],
  ['attribute_not_exists', 1],
  ['attribute_type', 2],
  ['begins_with', 2],
  ['contains', 2],
  ['size', 1],
]);

const IN_OPERANDS_MAX = 100;
const TYPE_NAMES = ['B', 'NULL', 'SS', 'BOOL', 'L', 'BS', 'N', 'NS', 'S', 'M'];

/** The predicates of a condition, from left to right. */
export function* predicatesOf(node: ConditionNode): Generator<PredicateNode> {
  if (node.kind === 'and' || node.kind === 'or') for (const part of node.parts) yield* predicatesOf(part);
  else if (node.kind === 'not') yield* predicatesOf(node.part);
  else yield node;
}

/**
 * Checks what the text alone can tell.
 *
 * @throws InvalidInput
 */
export function checkForm(kind: ExpressionKind, { root, redundantParentheses }: ParsedCondition): void {
  const binder = new Binder(kind, {});
  // Conditions on keys are read differently, and may have them.
  if (redundantParentheses && kind !== 'KeyConditionExpression')
    throw binder.invalid('The expression has redundant parentheses;');
  const predicates = [...predicatesOf(root)];
  for (const { name } of callsAmong(predicates))
    if (!FUNCTIONS.has(name)) throw binder.invalid(`Invalid function name; function: ${name}`);
  for (const predicate of predicates) checkPlaces(binder, predicate);
  checkReserved(kind, [...pathNodes(predicates.flatMap(({ operands }): readonly OperandNode[] => operands))]);
}

/** All functions, inner ones first. */
function* callsAmong(nodes: readonly (PredicateNode | OperandNode)[]): Generator<CallNode> {
  for (const node of nodes) {
    if (node.kind === 'path' || node.kind === 'value') continue;
    yield* callsAmong(node.operands);
    if (node.kind === 'call') yield node;
  }
}

/** `size` is an operand, and all other functions are conditions. */
function checkPlaces(binder: Binder, predicate: PredicateNode): void {
  const misused =
    predicate.kind === 'call' && predicate.name === 'size'
      ? predicate
      : [...callsAmong(predicate.operands)].find(({ name }) => name !== 'size');
  if (misused !== undefined)
    throw binder.invalid(`The function is not allowed to be used this way in an expression; function: ${misused.name}`);
}

/** The name under which messages speak of a predicate. */
export const predicateName = (node: PredicateNode): string =>
  node.kind === 'compare' ? node.operator : node.kind === 'call' ? node.name : node.kind.toUpperCase();

/**
 * Checks a predicate whose names and values are in place.
 *
 * @throws InvalidInput
 */
export function checkPredicate(binder: Binder, node: PredicateNode, operands: readonly BoundOperand[]): void {
  for (const operand of operands) checkCalls(binder, operand);
  const name = predicateName(node);
  if (node.kind === 'call') checkOperandCount(binder, name, FUNCTIONS.get(name)!, operands.length);
  const candidates = operands.length - 1;
  if (node.kind === 'in' && candidates > IN_OPERANDS_MAX)
    throw binder.invalid(`The IN operator is provided with too many operands; number of operands: ${candidates}`);
  checkDistinct(binder, name, operands);
  if (node.kind === 'compare' && node.operator !== '=' && node.operator !== '<>')
    for (const operand of operands) checkType(binder, name, operand, ['S', 'N', 'B']);
  if (node.kind === 'between') checkBounds(binder, operands[1]!, operands[2]!);
  if (node.kind === 'call') checkFunction(binder, name, operands);
}

function checkCalls(binder: Binder, operand: BoundOperand): void {
  if (operand.kind !== 'call') return;
  for (const each of operand.operands) checkCalls(binder, each);
  checkOperandCount(binder, operand.name, FUNCTIONS.get(operand.name)!, operand.operands.length);
  checkFunction(binder, operand.name, operand.operands);
}

function checkFunction(binder: Binder, name: string, operands: readonly BoundOperand[]): void {
  const [first, second] = operands as readonly [BoundOperand, BoundOperand];
  switch (name) {
    case 'attribute_exists':
    case 'attribute_not_exists':
      return checkIsPath(binder, name, first);
    case 'begins_with':
      return operands.forEach(operand => {
        checkType(binder, name, operand, ['S', 'B']);
      });
    case 'size':
      return checkType(binder, name, first, ['S', 'B', 'SS', 'NS', 'BS', 'L', 'M']);
    case 'attribute_type':
      return checkTypeName(binder, second);
  }
}

function checkTypeName(binder: Binder, operand: BoundOperand): void {
  checkType(binder, 'attribute_type', operand, ['S']);
  if (operand.kind !== 'value' || !('S' in operand.value))
    throw binder.invalid(
      'Incorrect operand type for operator or function; ' +
        'operator or function: attribute_type, operand type: {NS,SS,L,BS,N,M,B,BOOL,NULL,S}',
    );
  if (!TYPE_NAMES.includes(operand.value.S))
    throw binder.invalid(
      `Invalid attribute type name found; type: ${operand.value.S}, valid types: {${TYPE_NAMES.join(',')}}`,
    );
}

function checkDistinct(binder: Binder, name: string, [first, ...rest]: readonly BoundOperand[]): void {
  if (first?.kind !== 'path') return;
  if (rest.some(each => each.kind === 'path' && samePath(each.path, first.path)))
    throw binder.invalid(
      'The first operand must be distinct from the remaining operands for this operator or function; ' +
        `operator: ${name}, first operand: ${pathText(first.path)}`,
    );
}

function checkBounds(binder: Binder, lower: BoundOperand, upper: BoundOperand): void {
  for (const bound of [lower, upper]) checkType(binder, 'BETWEEN', bound, ['S', 'N', 'B']);
  if (lower.kind !== 'value' || upper.kind !== 'value') return;
  const bounds = `lower bound operand: ${literalText(lower)}, upper bound operand: ${literalText(upper)}`;
  const order = compareValues(lower.value, upper.value);
  if (order === undefined)
    throw binder.invalid(`The BETWEEN operator requires same data type for lower and upper bounds; ${bounds}`);
  if (order > 0)
    throw binder.invalid(
      `The BETWEEN operator requires upper bound to be greater than or equal to lower bound; ${bounds}`,
    );
}

function literalText({ value }: Extract<BoundOperand, { kind: 'value' }>): string {
  const [content] = Object.values(value);
  return `AttributeValue: {${typeOf(value)}:${content}}`;
}
