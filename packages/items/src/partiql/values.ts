/** Literals and parameters as values of items. */
import { InvalidInput } from '../invalid-input.ts';
import { type AttributeValue, type TypeName, typeOf } from '../values/attribute-value.ts';
import { checkedValue } from '../values/checked-value.ts';
import { canonicalNumber } from '../values/decimal.ts';
import type { Term, ValueTerm } from './syntax.ts';

/** What stands for the `?` of a statement. */
export type Parameters = readonly AttributeValue[];

/** Where messages say that something is in a value. */
const ROOT = 'root';

const VALUES: ReadonlySet<Term['kind']> = new Set<ValueTerm['kind']>([
  'string',
  'number',
  'boolean',
  'null',
  'missing',
  'parameter',
  'list',
  'bag',
  'sequence',
  'struct',
]);

/** Whether a term is a literal or a parameter. */
export const isValue = (term: Term): term is ValueTerm => VALUES.has(term.kind);

/**
 * The value of a literal or parameter, in canonical form.
 *
 * @throws InvalidInput in DynamoDB's words when it is none
 */
export const termValue = (term: Term, parameters: Parameters): AttributeValue =>
  checkedValue(valueAt(term, parameters, ROOT));

/** The members of a struct; undefined when the term is none. @throws InvalidInput */
export function structOf(term: Term, parameters: Parameters): Readonly<Record<string, AttributeValue>> | undefined {
  if (term.kind === 'parameter') {
    const value = parameterAt(parameters, term.index);
    return 'M' in value ? value.M : undefined;
  }
  return term.kind === 'struct' ? fieldsOf(term.members, parameters, () => ROOT) : undefined;
}

/** @throws InvalidInput when there are too few */
function parameterAt(parameters: Parameters, index: number): AttributeValue {
  const value = parameters[index];
  if (value === undefined) throw new InvalidInput("Number of parameters in request and statement don't match.");
  return value;
}

function valueAt(term: Term, parameters: Parameters, path: string): AttributeValue {
  switch (term.kind) {
    case 'string':
      return { S: term.text };
    case 'number':
      return { N: numberAt(term.text, path) };
    case 'boolean':
      return { BOOL: term.yes };
    case 'null':
      return { NULL: true };
    case 'parameter':
      return parameterAt(parameters, term.index);
    case 'list':
    case 'sequence':
      return { L: term.members.map((each, i) => valueAt(each, parameters, `${path}[${i}]`)) };
    case 'bag':
      return setOf(
        term.members.map((each, i) => valueAt(each, parameters, `${path}[${i}]`)),
        path,
      );
    case 'struct':
      return { M: fieldsOf(term.members, parameters, name => `${path}.${name}`) };
    case 'call':
      throw new InvalidInput(`Unsupported data type: ${term.name} under key ${path}${term.at}`);
    default:
      throw new InvalidInput(`Unsupported data type: ${term.kind} under key ${path}`);
  }
}

function numberAt(text: string, path: string): string {
  try {
    return canonicalNumber(text);
  } catch (error) {
    throw error instanceof InvalidInput ? new InvalidInput(`${error.message} under ${path}`) : error;
  }
}

function fieldsOf(
  members: readonly (readonly [Term, Term])[],
  parameters: Parameters,
  pathOf: (name: string) => string,
): Readonly<Record<string, AttributeValue>> {
  const fields = new Map<string, AttributeValue>();
  for (const [key, value] of members) {
    if (key.kind !== 'string')
      throw new InvalidInput(`Tuple keys must be of type String. Actual type: ${key.kind} under ${ROOT}`);
    if (fields.has(key.text)) throw new InvalidInput(`Duplicate keys in tuple. Key: ${key.text} under ${ROOT}`);
    fields.set(key.text, valueAt(value, parameters, pathOf(key.text)));
  }
  return Object.fromEntries(fields);
}

const SETS: { readonly [T in TypeName]?: { readonly type: 'SS' | 'NS' | 'BS'; readonly name: string } } = {
  S: { type: 'SS', name: 'String' },
  N: { type: 'NS', name: 'Number' },
  B: { type: 'BS', name: 'Binary' },
};

function setOf(members: readonly AttributeValue[], path: string): AttributeValue {
  const [first] = members;
  if (first === undefined) throw new InvalidInput('Empty bags are not supported');
  const set = SETS[typeOf(first)];
  if (set === undefined)
    throw new InvalidInput('Unsupported data type in Bag. DynamoDB only supports either numbers or strings in bags');
  const other = members.find(member => typeOf(member) !== typeOf(first));
  if (other !== undefined)
    throw new InvalidInput(`Unexpected data type ${typeOf(other)} in ${set.name} Set under key ${path}`);
  const contents = members.map(member => Object.values(member)[0] as string);
  return { [set.type]: contents } as unknown as AttributeValue;
}
