/** Values from outside, checked deeply and brought into their canonical form. */
import { InvalidInput } from '../invalid-input.ts';
import type { AttributeValue, Item, TypeName } from './attribute-value.ts';
import { canonicalNumber } from './decimal.ts';

/** Levels of nesting, an attribute of the item being the first. */
export const DEPTH_MAX = 32;

const INVALID = 'One or more parameter values were invalid: ';

/**
 * The value in canonical form: numbers as DynamoDB prints them, text without lone surrogates.
 *
 * @throws InvalidInput when it is no value, empty where it must not be, nested deeper than 32, or out of a number's limits
 */
export const checkedValue = (value: unknown): AttributeValue => valueAtLevel(value, 1);

/**
 * The item in canonical form. Its size and keys are the caller's to check.
 *
 * @throws InvalidInput as `checkedValue`
 */
export const checkedItem = (value: unknown): Item => mapAtLevel(value, 1);

/** How each type is checked, in the order in which DynamoDB does it for a value that has several. */
const CHECKS: { readonly [T in TypeName]: (content: unknown, level: number) => AttributeValue } = {
  N: content => ({ N: canonicalNumber(text(content)) }),
  S: content => ({ S: text(content).toWellFormed() }),
  B: content => ({ B: base64(content) }),
  BOOL: content => {
    if (typeof content !== 'boolean')
      throw new InvalidInput(`${javaClass(content)} can not be converted to an Boolean`);
    return { BOOL: content };
  },
  // False is taken for true, as DynamoDB has done since 2026.
  NULL: () => ({ NULL: true }),
  SS: content => {
    const members = list(content).map(each => text(each).toWellFormed());
    if (members.length === 0) throw new InvalidInput(`${INVALID}An string set  may not be empty`);
    if (members.includes('')) throw new InvalidInput(`${INVALID}An string set may not have a empty string as a member`);
    if (hasDuplicates(members))
      throw new InvalidInput(`${INVALID}Input collection [${members.join(', ')}] contains duplicates.`);
    return { SS: members };
  },
  NS: content => {
    const members = list(content).map(each => canonicalNumber(text(each)));
    if (members.length === 0) throw new InvalidInput(`${INVALID}An number set  may not be empty`);
    if (hasDuplicates(members)) throw new InvalidInput('Input collection contains duplicates');
    return { NS: members };
  },
  BS: content => {
    const members = list(content).map(base64);
    if (members.length === 0) throw new InvalidInput(`${INVALID}Binary sets should not be empty`);
    if (members.includes('')) throw new InvalidInput(`${INVALID}Binary sets may not contain null or empty values`);
    if (hasDuplicates(members))
      throw new InvalidInput(`${INVALID}Input collection [${members.join(', ')}]of type BS contains duplicates.`);
    return { BS: members };
  },
  M: (content, level) => ({ M: mapAtLevel(content, level + 1) }),
  L: (content, level) => ({ L: list(content).map(each => valueAtLevel(each, level + 1)) }),
};
const TYPES = Object.keys(CHECKS) as readonly TypeName[];

function valueAtLevel(value: unknown, level: number): AttributeValue {
  if (level > DEPTH_MAX)
    throw new InvalidInput(
      'Nesting Levels have exceeded supported limits: Attributes in the item have nested levels beyond supported limit',
    );
  const fields = record(value);
  let result: AttributeValue | undefined;
  let count = 0;
  const names = Object.keys(fields);
  // Of one field the order does not matter, and most values have one.
  for (const type of names.length === 1 ? (names as TypeName[]) : TYPES) {
    // What is null is absent, as in all of AWS's JSON.
    if (!Object.hasOwn(CHECKS, type) || !Object.hasOwn(fields, type)) continue;
    if (fields[type] === null || fields[type] === undefined) continue;
    result = CHECKS[type](fields[type], level);
    count++;
  }
  const rule = 'must contain exactly one of the supported datatypes';
  if (result === undefined) throw new InvalidInput(`Supplied AttributeValue is empty, ${rule}`);
  if (count > 1) throw new InvalidInput(`Supplied AttributeValue has more than one datatypes set, ${rule}`);
  return result;
}

function mapAtLevel(value: unknown, level: number): Item {
  const item: Record<string, AttributeValue> = {};
  for (const [name, each] of Object.entries(record(value))) {
    if (name === '') throw new InvalidInput(`${INVALID}Empty attribute name`);
    const attribute = valueAtLevel(each, level);
    const key = name.toWellFormed();
    // An assignment to `__proto__` would not make a field of it.
    if (key === '__proto__') Object.defineProperty(item, key, { value: attribute, ...FIELD });
    else item[key] = attribute;
  }
  return item;
}

const FIELD = { enumerable: true, configurable: true, writable: true } as const;

const hasDuplicates = (members: readonly string[]): boolean => new Set(members).size < members.length;

/** Whether the alphabet, the length and the last bits are those of an encoder. */
function base64(content: unknown): string {
  const encoded = text(content);
  if (encoded.length % 4 !== 0)
    throw new InvalidInput(
      `'${encoded}' can not be converted to a Blob: ` +
        `Base64 encoded length is expected a multiple of 4 bytes but found: ${encoded.length}`,
    );
  const wrong = /[^a-zA-Z0-9+/=]|=(?=[^=])/.exec(encoded);
  if (wrong !== null)
    throw new InvalidInput(
      `'${encoded}' can not be converted to a Blob: Invalid Base64 character: '${encoded[wrong.index]}'`,
    );
  if (Buffer.from(encoded, 'base64').toString('base64') !== encoded)
    throw new InvalidInput(
      `'${encoded}' can not be converted to a Blob: Invalid last non-pad Base64 character dectected`,
    );
  return encoded;
}

function text(content: unknown): string {
  if (typeof content === 'string') return content;
  throw new InvalidInput(`${javaClass(content)} can not be converted to an String`);
}

function list(content: unknown): readonly unknown[] {
  if (Array.isArray(content)) return content;
  throw new InvalidInput(
    typeof content === 'object' ? 'Start of structure or map found where not expected.' : 'Expected list or null',
  );
}

function record(content: unknown): Readonly<Record<string, unknown>> {
  if (typeof content === 'object' && content !== null && !Array.isArray(content)) {
    return content as Readonly<Record<string, unknown>>;
  }
  throw new InvalidInput(Array.isArray(content) ? 'Start of list found where not expected' : 'Expected null');
}

/** DynamoDB names what it found by Java's names. */
function javaClass(content: unknown): string {
  switch (typeof content) {
    case 'boolean':
      return 'class java.lang.Boolean';
    case 'string':
      return 'class java.lang.String';
    case 'number':
      if (!Number.isInteger(content)) return 'class java.lang.Double';
      if (content >= -32_768 && content <= 32_767) return 'class java.lang.Short';
      return Math.abs(content) <= 2_147_483_647 ? 'class java.lang.Integer' : 'class java.lang.Long';
    default:
      return Array.isArray(content) ? 'Start of list' : 'Start of structure or map';
  }
}
