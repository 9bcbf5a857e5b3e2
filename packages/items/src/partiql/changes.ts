/** SET and REMOVE of a statement as an update expression. */
import type { Expression } from '../expressions/placeholders.ts';
import { InvalidInput } from '../invalid-input.ts';
import { typeOf } from '../values/attribute-value.ts';
import { unrecognized } from './conditions.ts';
import { StatementWriter } from './statement-writer.ts';
import type { CallTerm, Change, PathTerm, Term } from './syntax.ts';
import { isValue, type Parameters, termValue } from './values.ts';

/** The clauses of update expressions that change sets. */
const SET_FUNCTIONS: ReadonlyMap<string, 'ADD' | 'DELETE'> = new Map([
  ['set_add', 'ADD'],
  ['set_delete', 'DELETE'],
]);
const VALUE_FUNCTIONS: ReadonlySet<string> = new Set(['list_append', 'if_not_exists']);

/** @throws InvalidInput when a change is none that DynamoDB knows */
export function updateOf(changes: readonly Change[], parameters: Parameters): Expression {
  const writer = new StatementWriter(parameters);
  const clauses = new Map<string, string[]>();
  for (const change of changes) {
    const { clause, text } = action(change, writer);
    clauses.set(clause, [...(clauses.get(clause) ?? []), text]);
  }
  return writer.expression([...clauses].map(([clause, texts]) => `${clause} ${texts.join(', ')}`).join(' '));
}

function action(change: Change, writer: StatementWriter): { clause: string; text: string } {
  const path = writer.path(change.path);
  if (change.clause === 'REMOVE') return { clause: 'REMOVE', text: path };
  const { value } = change;
  const clause = value.kind === 'call' ? SET_FUNCTIONS.get(value.name) : undefined;
  if (clause !== undefined)
    return { clause, text: `${path} ${writer.value(setOperand(change.path, value as CallTerm, writer.parameters))}` };
  return { clause: 'SET', text: `${path} = ${sourceText(value, writer)}` };
}

/** The set that `set_add` and `set_delete` are about, which must change what they are assigned to. */
function setOperand({ parts }: PathTerm, { name, operands, at }: CallTerm, parameters: Parameters): Term {
  const title = name.toUpperCase();
  const [first, second] = operands;
  if (operands.length !== 2) throw new InvalidInput(`${title} must have exactly two arguments${at}`);
  if (first!.kind !== 'path' || JSON.stringify(first!.parts) !== JSON.stringify(parts))
    throw new InvalidInput(`The first argument to ${title} must equal the assignment value${at}`);
  const isSet = isValue(second!) && ['SS', 'NS', 'BS'].includes(typeOf(termValue(second, parameters)));
  if (!isSet) throw new InvalidInput(`The second argument to ${title} must be a value with type SET${first!.at}`);
  return second!;
}

function sourceText(term: Term, writer: StatementWriter): string {
  if (term.kind === 'path') return writer.path(term);
  if (isValue(term)) return writer.value(term);
  if (term.kind === 'sum' && (term.operator === '+' || term.operator === '-')) {
    const [left, right] = term.operands;
    return `${addendText(left, writer)} ${term.operator} ${addendText(right, writer)}`;
  }
  if (term.kind === 'call') return callText(term, writer);
  throw unsupported(term);
}

/** Update expressions add two numbers, and no more. */
function addendText(term: Term, writer: StatementWriter): string {
  if (term.kind === 'sum') throw unsupported(term);
  return sourceText(term, writer);
}

function callText(call: CallTerm, writer: StatementWriter): string {
  const { name, operands } = call;
  if (!VALUE_FUNCTIONS.has(name)) throw unrecognized(call);
  if (operands.length === 0)
    throw new InvalidInput(
      `Incorrect number of operands for operator or function; operator or function: ${name}, number of operands: 0`,
    );
  return `${name}(${operands.map(each => addendText(each, writer)).join(', ')})`;
}

const unsupported = (term: Term): InvalidInput =>
  new InvalidInput(
    `Unsupported operator in Update Expression. Operator: ${term.kind === 'sum' ? term.operator : term.kind}`,
  );
