/** What can be said of operands before there is an item: literal types, and functions that do not take them. */
import { type AttributeValue, type TypeName, typeOf } from '../values/attribute-value.ts';
import type { Path } from './paths.ts';
import type { Binder } from './placeholders.ts';
import type { OperandNode } from './syntax.ts';

/** An operand with its names and values in place. */
export type BoundOperand =
  | { readonly kind: 'path'; readonly path: Path }
  | { readonly kind: 'value'; readonly value: AttributeValue }
  | { readonly kind: 'call'; readonly name: string; readonly operands: readonly BoundOperand[] };

export function boundOperand(node: OperandNode, binder: Binder): BoundOperand {
  switch (node.kind) {
    case 'path':
      return { kind: 'path', path: binder.path(node) };
    case 'value':
      return { kind: 'value', value: binder.value(node) };
    default:
      return { kind: 'call', name: node.name, operands: node.operands.map(each => boundOperand(each, binder)) };
  }
}

/** The type of a literal, or of a function's result; undefined when only an item can tell. */
export function knownType(operand: BoundOperand): TypeName | undefined {
  if (operand.kind === 'value') return typeOf(operand.value);
  if (operand.kind !== 'call') return undefined;
  switch (operand.name) {
    case 'size':
      return 'N';
    case 'list_append':
      return 'L';
    case 'if_not_exists':
      return undefined;
    default:
      return 'BOOL';
  }
}

/** The bare names of all document paths of operands. */
export function* pathNodes(operands: readonly OperandNode[]): Generator<Extract<OperandNode, { kind: 'path' }>> {
  for (const operand of operands) {
    if (operand.kind === 'path') yield operand;
    else if (operand.kind === 'call') yield* pathNodes(operand.operands);
  }
}

/** @throws InvalidInput */
export function checkOperandCount(binder: Binder, name: string, expected: number, count: number): void {
  if (count !== expected)
    throw binder.invalid(
      'Incorrect number of operands for operator or function; ' +
        `operator or function: ${name}, number of operands: ${count}`,
    );
}

/** @throws InvalidInput */
export function checkIsPath(binder: Binder, name: string, operand: BoundOperand): void {
  if (operand.kind !== 'path')
    throw binder.invalid(`Operator or function requires a document path; operator or function: ${name}`);
}

/** @throws InvalidInput when the operand is known to be of another type than these */
export function checkType(binder: Binder, name: string, operand: BoundOperand, types: readonly TypeName[]): void {
  const type = knownType(operand);
  if (type !== undefined && !types.includes(type))
    throw binder.invalid(
      `Incorrect operand type for operator or function; operator or function: ${name}, operand type: ${type}`,
    );
}
