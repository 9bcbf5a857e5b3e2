/** KeyConditionExpression. */
import { InvalidInput } from '../invalid-input.ts';
import { keyBytes } from '../keys/key-bytes.ts';
import { checkKeyValue, type KeyAttribute, type KeyBound, type KeyRange, type KeySchema } from '../keys/key-schema.ts';
import type { AttributeValue } from '../values/attribute-value.ts';
import { checkForm, checkPredicate, predicateName, predicatesOf } from './condition-checks.ts';
import { checkOperators, checkText } from './limits.ts';
import { type BoundOperand, boundOperand } from './operand-types.ts';
import { parseCondition } from './parse-condition.ts';
import { Binder, type Expression, type PlaceholderUse } from './placeholders.ts';
import { remembered } from './remembered.ts';
import type { ConditionNode, PredicateNode } from './syntax.ts';

const KIND = 'KeyConditionExpression';

/** One attribute and what it is compared with. */
interface KeyTerm {
  readonly attribute: string;
  readonly operator: '=' | '<' | '<=' | '>' | '>=' | 'BETWEEN' | 'begins_with';
  readonly values: readonly AttributeValue[];
}

const parsed = remembered(text => {
  const condition = parseCondition(KIND, text);
  checkForm(KIND, condition);
  return condition;
});

/**
 * The range of keys that the expression selects in a table or index of this schema.
 *
 * @throws InvalidInput
 */
export function compileKeyCondition(expression: Expression, schema: KeySchema, use?: PlaceholderUse): KeyRange {
  if (use !== undefined) checkText(KIND, expression.text);
  const { root, operators } = parsed(expression.text);
  if (use !== undefined) checkOperators(KIND, operators);
  const binder = new Binder(KIND, expression, use);
  const predicates = [...predicatesOf(root)].map(node => {
    const operands = node.operands.map(operand => boundOperand(operand, binder));
    checkPredicate(binder, node, operands);
    return { node, operands };
  });
  const unusable = unusableOperator(root);
  if (unusable !== undefined) throw new InvalidInput(`Invalid operator used in KeyConditionExpression: ${unusable}`);
  return rangeOf(
    predicates.map(({ node, operands }) => termOf(node, operands)),
    schema,
  );
}

/** An operator that no key condition has. */
function unusableOperator(node: ConditionNode): string | undefined {
  switch (node.kind) {
    case 'and':
      return node.parts.map(unusableOperator).find(name => name !== undefined);
    case 'or':
    case 'not':
      return node.kind.toUpperCase();
    case 'in':
      return 'IN';
    case 'compare':
      return node.operator === '<>' ? '<>' : undefined;
    case 'call':
      return node.name === 'begins_with' ? undefined : node.name;
    default:
      return undefined;
  }
}

const MIRRORED = { '=': '=', '<': '>', '<=': '>=', '>': '<', '>=': '<=' } as const;

function termOf(node: PredicateNode, operands: readonly BoundOperand[]): KeyTerm {
  const invalid = (story: string) => new InvalidInput(`Invalid condition in KeyConditionExpression: ${story}`);
  const name = predicateName(node);
  if (node.kind !== 'compare' && operands[0]!.kind === 'value')
    throw invalid(`${name} operator must have the key attribute as its first operand`);
  let attribute: string | undefined;
  const values: AttributeValue[] = [];
  for (const operand of operands) {
    if (operand.kind === 'call') throw new InvalidInput('KeyConditionExpressions cannot contain nested operations');
    if (operand.kind === 'value') {
      values.push(operand.value);
      continue;
    }
    if (attribute !== undefined) throw invalid('Multiple attribute names used in one condition');
    if (operand.path.length > 1)
      throw new InvalidInput('KeyConditionExpressions cannot have conditions on nested attributes');
    attribute = operand.path[0];
  }
  if (attribute === undefined) throw invalid('No key attribute specified');
  const operator = name as KeyTerm['operator'];
  const isMirrored = node.kind === 'compare' && operands[0]!.kind === 'value';
  return { attribute, operator: isMirrored ? MIRRORED[operator as keyof typeof MIRRORED] : operator, values };
}

function rangeOf(terms: readonly KeyTerm[], { hash, range }: KeySchema): KeyRange {
  if (new Set(terms.map(({ attribute }) => attribute)).size < terms.length)
    throw new InvalidInput('KeyConditionExpressions must only contain one condition per key');
  if (terms.length > 2) throw new InvalidInput('Conditions can be of length 1 or 2 only');
  const hashTerm = terms.find(({ attribute }) => attribute === hash.name);
  if (hashTerm === undefined) throw new InvalidInput(`Query condition missed key schema element: ${hash.name}`);
  if (hashTerm.operator !== '=') throw new InvalidInput('Query key condition not supported');
  const other = terms.find(term => term !== hashTerm);
  if (other !== undefined && range === undefined) throw new InvalidInput('Query key condition not supported');
  const rangeTerm = terms.find(({ attribute }) => attribute === range?.name);
  if (other !== undefined && rangeTerm === undefined)
    throw new InvalidInput(`Query condition missed key schema element: ${range!.name}`);
  checkTerm(hashTerm, hash, false);
  if (rangeTerm === undefined) return { hash: hashTerm.values[0]! };
  checkTerm(rangeTerm, range!, true);
  return { hash: hashTerm.values[0]!, ...bounds(rangeTerm) };
}

function checkTerm({ values }: KeyTerm, { name, type }: KeyAttribute, isRange: boolean): void {
  for (const value of values) {
    if (!(type in value))
      throw new InvalidInput(
        'One or more parameter values were invalid: Condition parameter type does not match schema type',
      );
    checkKeyValue(value, name, isRange);
  }
}

function bounds({ operator, values }: KeyTerm): { from?: KeyBound; to?: KeyBound } {
  const bytes = keyBytes(values[0]!);
  const bound = { bytes, inclusive: operator !== '<' && operator !== '>' };
  switch (operator) {
    case '=':
      return { from: bound, to: bound };
    case '<':
    case '<=':
      return { to: bound };
    case '>':
    case '>=':
      return { from: bound };
    case 'BETWEEN':
      return { from: bound, to: { bytes: keyBytes(values[1]!), inclusive: true } };
    default: {
      const end = firstBehind(bytes);
      return end === undefined ? { from: bound } : { from: bound, to: { bytes: end, inclusive: false } };
    }
  }
}

/** The first bytes that come after all that begin with these; undefined when there are none. */
function firstBehind(prefix: Uint8Array): Uint8Array | undefined {
  let length = prefix.length;
  while (length > 0 && prefix[length - 1] === 0xff) length--;
  if (length === 0) return undefined;
  // A slice of a Buffer would be the same memory.
  const end = Uint8Array.from(prefix.subarray(0, length));
  end[length - 1]!++;
  return end;
}
