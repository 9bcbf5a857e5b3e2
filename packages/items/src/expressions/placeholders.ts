/** `#names` and `:values` of a request: their form, and that every one is used by some expression. */
import { InvalidInput } from '../invalid-input.ts';
import { type AttributeValue, attributeOf, type Item } from '../values/attribute-value.ts';
import { checkedValue } from '../values/checked-value.ts';
import { itemSize } from '../values/item-size.ts';
import type { Path } from './paths.ts';
import type { ExpressionKind, PathNode, ValueNode } from './syntax.ts';

/** Both in canonical form, with their `#` and `:`. */
export interface Placeholders {
  readonly names?: Readonly<Record<string, string>>;
  readonly values?: Item;
}

/** An expression and what its placeholders stand for; what commands carry. */
export interface Expression extends Placeholders {
  readonly text: string;
  /** It was made of legacy parameters, whose messages speak of no expression. */
  readonly legacy?: boolean;
}

/** All that the values of a request's expressions may have together (Developer Guide, "Quotas", expression parameters). */
const VALUES_BYTES_MAX = 2 * 1024 * 1024;
const PLACEHOLDER_LENGTH_MAX = 255;
const NAME_BYTES_MAX = 65_535;

/**
 * `ExpressionAttributeNames` and `ExpressionAttributeValues` as they came with a request, checked.
 *
 * @throws InvalidInput
 */
export function checkedPlaceholders(names: unknown, values: unknown): Placeholders {
  const checkedNames = names === undefined || names === null ? undefined : namesFrom(names);
  const checkedValues = values === undefined || values === null ? undefined : valuesFrom(values);
  return {
    ...(checkedNames === undefined ? {} : { names: checkedNames }),
    ...(checkedValues === undefined ? {} : { values: checkedValues }),
  };
}

/** Gathers over all expressions of one request which placeholders they use. */
export class PlaceholderUse {
  readonly names = new Set<string>();
  readonly values = new Set<string>();

  /** @throws InvalidInput when one of `placeholders` is used by no expression */
  checkAllUsed({ names, values }: Placeholders): void {
    checkUsed('ExpressionAttributeNames', Object.keys(names ?? {}), this.names);
    checkUsed('ExpressionAttributeValues', Object.keys(values ?? {}), this.values);
  }
}

/** Puts in what the placeholders of one expression stand for. */
export class Binder {
  readonly kind: ExpressionKind;
  readonly #placeholders: Placeholders;
  readonly #use: PlaceholderUse | undefined;

  constructor(kind: ExpressionKind, placeholders: Placeholders, use?: PlaceholderUse) {
    this.kind = kind;
    this.#placeholders = placeholders;
    this.#use = use;
  }

  /** @throws InvalidInput when a name is not defined */
  path({ parts }: PathNode): Path {
    return parts.map(part => {
      if ('index' in part) return part.index;
      return 'name' in part ? part.name : this.#name(part.placeholder);
    }) as unknown as Path;
  }

  /** @throws InvalidInput when the value is not defined */
  value({ placeholder }: ValueNode): AttributeValue {
    const { values } = this.#placeholders;
    const value = values === undefined ? undefined : attributeOf(values, placeholder);
    if (value === undefined)
      throw this.invalid(
        `An expression attribute value used in expression is not defined; attribute value: ${placeholder}`,
      );
    this.#use?.values.add(placeholder);
    return value;
  }

  invalid(story: string): InvalidInput {
    return new InvalidInput(`Invalid ${this.kind}: ${story}`);
  }

  #name(placeholder: string): string {
    const { names } = this.#placeholders;
    if (names === undefined || !Object.hasOwn(names, placeholder))
      throw this.invalid(
        `An expression attribute name used in the document path is not defined; attribute name: ${placeholder}`,
      );
    this.#use?.names.add(placeholder);
    return names[placeholder]!;
  }
}

function namesFrom(names: unknown): Readonly<Record<string, string>> {
  const parameter = 'ExpressionAttributeNames';
  const entries = entriesOf(parameter, names);
  for (const [key] of entries) checkPlaceholder(parameter, key, /^#\w+$/);
  return Object.fromEntries(
    entries.map(([key, name]) => {
      if (typeof name !== 'string' || name === '')
        throw new InvalidInput(`${parameter} contains invalid value: Attribute name must not be empty for key ${key}`);
      if (Buffer.byteLength(name) > NAME_BYTES_MAX)
        throw new InvalidInput(
          `${parameter} contains invalid value: Attribute name is longer than ${NAME_BYTES_MAX} bytes for key ${key}`,
        );
      return [key, name.toWellFormed()];
    }),
  );
}

function valuesFrom(values: unknown): Item {
  const parameter = 'ExpressionAttributeValues';
  const entries = entriesOf(parameter, values);
  for (const [key] of entries) checkPlaceholder(parameter, key, /^:\w+$/);
  const checked = Object.fromEntries(
    entries.map(([key, value]) => {
      try {
        return [key, checkedValue(value)];
      } catch (error) {
        if (!(error instanceof InvalidInput)) throw error;
        throw new InvalidInput(`${parameter} contains invalid value: ${error.message} for key ${key}`);
      }
    }),
  );
  if (itemSize(checked) > VALUES_BYTES_MAX) throw new InvalidInput(`${parameter} exceeds max size`);
  return checked;
}

function entriesOf(parameter: string, placeholders: unknown): [string, unknown][] {
  if (typeof placeholders !== 'object' || placeholders === null || Array.isArray(placeholders))
    throw new InvalidInput('Expected map or null');
  const entries = Object.entries(placeholders);
  if (entries.length === 0) throw new InvalidInput(`${parameter} must not be empty`);
  return entries;
}

function checkPlaceholder(parameter: string, key: string, form: RegExp): void {
  if (!form.test(key)) throw new InvalidInput(`${parameter} contains invalid key: Syntax error; key: "${key}"`);
  if (key.length > PLACEHOLDER_LENGTH_MAX)
    throw new InvalidInput(
      `${parameter} contains invalid key: Key is longer than ${PLACEHOLDER_LENGTH_MAX} characters; key: "${key}"`,
    );
}

function checkUsed(parameter: string, keys: readonly string[], used: ReadonlySet<string>): void {
  const unused = keys.filter(key => !used.has(key));
  if (unused.length > 0)
    throw new InvalidInput(`Value provided in ${parameter} unused in expressions: keys: {${unused.join(', ')}}`);
}
