/** WHERE as a condition expression, so that there is one evaluator. */
import { InvalidInput } from '../invalid-input.ts';
import type { StatementWriter } from './statement-writer.ts';
import type { CallTerm, Term } from './syntax.ts';
import { isValue } from './values.ts';

/** Functions that are conditions, with how many operands each takes. */
const PREDICATES: ReadonlyMap<string, number> = new Map([
  ['attribute_exists', 1],
  ['attribute_not_exists', 1],
  ['attribute_type', 2],
  ['begins_with', 2],
  ['contains', 2],
]);

/** DynamoDB's types by the names that IS has for them. */
const TYPES: ReadonlyMap<string, string> = new Map([
  ['NULL', 'NULL'],
  ['BOOL', 'BOOL'],
  ['BOOLEAN', 'BOOL'],
  ['BLOB', 'B'],
  ['STRING', 'S'],
  ['NUMERIC', 'N'],
  ['STRUCT', 'M'],
  ['TUPLE', 'M'],
  ['LIST', 'L'],
]);

/** @throws InvalidInput when the term is no condition that DynamoDB knows */
export function conditionText(term: Term, writer: StatementWriter): string {
  switch (term.kind) {
    case 'and':
    case 'or':
      return term.parts.map(part => enclosed(part, writer)).join(` ${term.kind.toUpperCase()} `);
    case 'not':
      return `NOT ${enclosed(term.part, writer)}`;
    case 'compare':
      return comparison(term, writer);
    case 'between': {
      const [operand, low, high] = term.operands.map(each => operandText(each, writer));
      return `${operand} BETWEEN ${low} AND ${high}`;
    }
    case 'in':
      return membership(term, writer);
    case 'is':
      return typeTest(term, writer);
    case 'call':
      return callText(term, writer);
    default:
      throw new InvalidInput('WHERE clause must contain an expression that resolves to a boolean');
  }
}

/** Parentheses around what holds others, and never two around one. */
function enclosed(term: Term, writer: StatementWriter): string {
  const text = conditionText(term, writer);
  return term.kind === 'and' || term.kind === 'or' || term.kind === 'not' ? `(${text})` : text;
}

function comparison({ operator, operands }: Extract<Term, { kind: 'compare' }>, writer: StatementWriter): string {
  const [left, right] = operands;
  // A condition may be said to be true, or false.
  if (isPredicate(left) && right.kind === 'boolean' && (operator === '=' || operator === '<>'))
    return right.yes === (operator === '=') ? callText(left, writer) : `NOT ${callText(left, writer)}`;
  return `${operandText(left, writer)} ${operator} ${operandText(right, writer)}`;
}

const isPredicate = (term: Term): term is CallTerm => term.kind === 'call' && PREDICATES.has(term.name);

/** The values that IN lists; one in parentheses is a value by itself. */
export const membersOf = (among: Term): readonly Term[] =>
  among.kind === 'list' || among.kind === 'sequence' || among.kind === 'bag' ? among.members : [among];

function membership({ operand, among }: Extract<Term, { kind: 'in' }>, writer: StatementWriter): string {
  const members = membersOf(among);
  if (operand.kind !== 'path' || members.length === 0)
    throw new InvalidInput(
      'IN operator must have a left hand argument of type Variable Reference and right hand argument of type Seq with at least one member',
    );
  return `${writer.path(operand)} IN (${members.map(each => operandText(each, writer)).join(', ')})`;
}

function typeTest({ operand, type }: Extract<Term, { kind: 'is' }>, writer: StatementWriter): string {
  if (operand.kind !== 'path')
    throw new InvalidInput('The left hand side argument to IS must be a Variable Reference, Literal, or Path');
  const path = writer.path(operand);
  if (type === 'MISSING') return `attribute_not_exists(${path})`;
  const name = TYPES.get(type);
  if (name === undefined)
    throw new InvalidInput(
      `Unsupported data type for IS operator: ${type}. Supported data types are [MISSING, NULL, BOOLEAN, BLOB, STRING, NUMERIC, STRUCT, TUPLE, LIST]`,
    );
  return `attribute_type(${path}, ${writer.type(name)})`;
}

function operandText(term: Term, writer: StatementWriter): string {
  if (term.kind === 'path') return writer.path(term);
  if (isValue(term)) return writer.value(term);
  if (term.kind === 'call' && term.name === 'size') return callText(term, writer);
  if (term.kind === 'call' && !PREDICATES.has(term.name)) throw unrecognized(term);
  const operator = term.kind === 'sum' ? term.operator : term.kind;
  throw new InvalidInput(`Unsupported operator in Condition Expression. Operator: ${operator}`);
}

function callText(call: CallTerm, writer: StatementWriter): string {
  const { name, operands } = call;
  const count = name === 'size' ? 1 : PREDICATES.get(name);
  if (count === undefined) throw unrecognized(call);
  // None at all is nothing that expressions could be asked about.
  if (operands.length === 0)
    throw new InvalidInput(
      `Incorrect number of operands for operator or function; operator or function: ${name}, number of operands: 0`,
    );
  return `${name}(${operands.map(each => operandText(each, writer)).join(', ')})`;
}

export const unrecognized = ({ name, at }: CallTerm): InvalidInput =>
  new InvalidInput(`Unrecognized function: ${name}${at}`);
