/** The grammar of updates (Developer Guide, "Using update expressions in DynamoDB"). */
import { atCall, parseCall, parsePath, parseValue } from './parse-operand.ts';
import type { ArithmeticNode, OperandNode, UpdateActionNode, UpdateClauseName, UpdateNode } from './syntax.ts';
import { TokenReader } from './tokens.ts';

/** An update, and how many operators and functions it has. */
export interface ParsedUpdate {
  readonly root: UpdateNode;
  readonly operators: number;
}

const CLAUSES: readonly UpdateClauseName[] = ['SET', 'REMOVE', 'ADD', 'DELETE'];
const isKeyword = (word: string): boolean => (CLAUSES as readonly string[]).includes(word);

/** @throws InvalidInput when the text is no update */
export function parseUpdate(text: string): ParsedUpdate {
  const reader = new TokenReader('UpdateExpression', text);
  const actions: UpdateActionNode[] = [];
  const seen = new Set<UpdateClauseName>();
  let repeated: UpdateClauseName | undefined;
  do {
    const clause = CLAUSES.find(word => reader.takeIf(word));
    if (clause === undefined) throw reader.syntaxError();
    if (seen.has(clause)) repeated ??= clause;
    seen.add(clause);
    actions.push(...reader.list(() => parseAction(reader, clause)));
  } while (reader.current.kind !== 'end');
  return { root: { actions, repeated }, operators: reader.operators };
}

function parseAction(reader: TokenReader, clause: UpdateClauseName): UpdateActionNode {
  const path = parsePath(reader, isKeyword);
  switch (clause) {
    case 'SET':
      reader.expectSign('=');
      return { clause, path, value: parseSum(reader) };
    case 'REMOVE':
      return { clause, path };
    default:
      return { clause, path, value: parseValue(reader) };
  }
}

/** One operand, or two with a sign between; parentheses may be around all of it. */
function parseSum(reader: TokenReader): OperandNode | ArithmeticNode {
  const left = reader.atSign('(') ? reader.between(() => parseSum(reader)) : parseOperand(reader);
  if (left.kind === 'arithmetic') return left;
  for (const operator of ['+', '-'] as const) {
    if (!reader.takeIf(operator)) continue;
    reader.operators++;
    return { kind: 'arithmetic', operator, operands: [left, parseOperand(reader)] };
  }
  return left;
}

function parseOperand(reader: TokenReader): OperandNode {
  if (reader.atSign('(')) return reader.between(() => parseOperand(reader));
  if (reader.current.kind === 'value') return parseValue(reader);
  if (atCall(reader) && !isKeyword(reader.current.text.toUpperCase()))
    return parseCall(reader, () => parseOperand(reader));
  return parsePath(reader, isKeyword);
}
