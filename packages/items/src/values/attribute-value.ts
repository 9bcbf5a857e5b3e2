/** What an item consists of, as DynamoDB has it on the wire. Everything else in this package is a function of these. */

/**
 * A value in its wire form, as JSON has it. `N` is a decimal number as text, `B` canonical base64.
 * Canonical values (those that `checkedValue` gave) have their numbers as DynamoDB prints them.
 */
export type AttributeValue =
  | { readonly S: string }
  | { readonly N: string }
  | { readonly B: string }
  | { readonly BOOL: boolean }
  | { readonly NULL: true }
  | { readonly M: Item }
  | { readonly L: readonly AttributeValue[] }
  | { readonly SS: readonly string[] }
  | { readonly NS: readonly string[] }
  | { readonly BS: readonly string[] };

/**
 * Attributes by name. A name can be anything, `__proto__` and `toString` included: read with `attributeOf`, change with
 * `withAttribute` and `withoutAttribute`.
 */
export type Item = Readonly<Record<string, AttributeValue>>;

/** The name of a value's type, which is its only field. */
export type TypeName = 'S' | 'N' | 'B' | 'BOOL' | 'NULL' | 'M' | 'L' | 'SS' | 'NS' | 'BS';

/** The type of a value. */
export function typeOf(value: AttributeValue): TypeName {
  for (const name in value) return name as TypeName;
  throw new TypeError('a value has one field');
}

/** The attribute of that name, or undefined. */
export const attributeOf = (item: Item, name: string): AttributeValue | undefined =>
  Object.hasOwn(item, name) ? item[name] : undefined;

/** The item with that attribute set; `item` stays as it was. */
export function withAttribute(item: Item, name: string, value: AttributeValue): Item {
  // A computed field defines `__proto__` as a field like any other; an assignment would not.
  return { ...item, [name]: value };
}

/** The item without that attribute; `item` stays as it was. */
export function withoutAttribute(item: Item, name: string): Item {
  const { [name]: _, ...rest } = item;
  return rest;
}
