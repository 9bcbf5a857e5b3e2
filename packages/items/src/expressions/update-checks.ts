/** What is wrong with an update whatever the item, in the order in which DynamoDB finds it. */
import { type AttributeValue, type TypeName, typeOf } from '../values/attribute-value.ts';
import { checkReserved } from './limits.ts';
import { type BoundOperand, checkIsPath, checkOperandCount, checkType, pathNodes } from './operand-types.ts';
import { Binder } from './placeholders.ts';
import type { OperandNode, PathNode, UpdateActionNode, UpdateNode } from './syntax.ts';

const FUNCTION_OPERANDS = 2;
const FUNCTIONS: ReadonlySet<string> = new Set(['if_not_exists', 'list_append']);

/** What each clause takes. */
const CLAUSE_TYPES: { readonly [clause in 'ADD' | 'DELETE']: readonly TypeName[] } = {
  ADD: ['N', 'SS', 'NS', 'BS'],
  DELETE: ['SS', 'NS', 'BS'],
};

/** The types by the names that messages about clauses have for them. */
const TYPE_WORDS: { readonly [T in TypeName]: string } = {
  S: 'STRING',
  N: 'NUMBER',
  B: 'BINARY',
  SS: 'STRING_SET',
  NS: 'NUMBER_SET',
  BS: 'BINARY_SET',
  BOOL: 'BOOLEAN',
  NULL: 'NULL',
  L: 'LIST',
  M: 'MAP',
};

/** The operands of SET; other clauses have none. */
const operandsOf = (action: UpdateActionNode): readonly OperandNode[] => {
  if (action.clause !== 'SET') return [];
  return action.value.kind === 'arithmetic' ? action.value.operands : [action.value];
};

/** All document paths, those of operands included. */
export const pathsOf = (root: UpdateNode): readonly PathNode[] =>
  root.actions.flatMap(action => [action.path, ...pathNodes(operandsOf(action))]);

/**
 * Checks what the text alone can tell.
 *
 * @throws InvalidInput
 */
export function checkForm(root: UpdateNode): void {
  const binder = new Binder('UpdateExpression', {});
  checkReserved(binder.kind, pathsOf(root));
  for (const operand of root.actions.flatMap(operandsOf)) checkFunctionNames(binder, operand);
  if (root.repeated !== undefined)
    throw binder.invalid(`The "${root.repeated}" section can only be used once in an update expression;`);
}

function checkFunctionNames(binder: Binder, operand: OperandNode): void {
  if (operand.kind !== 'call') return;
  for (const each of operand.operands) checkFunctionNames(binder, each);
  if (!FUNCTIONS.has(operand.name)) throw binder.invalid(`Invalid function name; function: ${operand.name}`);
}

/** @throws InvalidInput when ADD or DELETE cannot do anything with a value of this type */
export function checkClauseType(binder: Binder, clause: 'ADD' | 'DELETE', value: AttributeValue): void {
  const type = typeOf(value);
  if (!CLAUSE_TYPES[clause].includes(type))
    throw binder.invalid(
      'Incorrect operand type for operator or function; ' +
        `operator: ${clause}, operand type: ${TYPE_WORDS[type]}, typeSet: ALLOWED_FOR_${clause}_OPERAND`,
    );
}

/** @throws InvalidInput when an operand of SET can be no value for any item */
export function checkOperand(binder: Binder, operand: BoundOperand): void {
  if (operand.kind !== 'call') return;
  const { name, operands } = operand;
  for (const each of operands) checkOperand(binder, each);
  checkOperandCount(binder, name, FUNCTION_OPERANDS, operands.length);
  if (name === 'if_not_exists') checkIsPath(binder, name, operands[0]!);
  else for (const each of operands) checkType(binder, name, each, ['L']);
}

/** @throws InvalidInput when operands of `+` or `-` can be no numbers */
export function checkArithmetic(binder: Binder, operator: '+' | '-', operands: readonly BoundOperand[]): void {
  for (const operand of operands) {
    checkOperand(binder, operand);
    checkType(binder, operator, operand, ['N']);
  }
}
