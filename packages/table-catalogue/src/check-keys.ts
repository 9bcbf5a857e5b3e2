/** Keys of tables and indexes as clients give them: checked in DynamoDB's order and words, and made the schema that items have. */
import type { KeyAttribute, KeySchema } from '@stormglass/items';
import type { IndexInput, KeyElement, ProjectionInput } from './commands.ts';
import { QUOTAS } from './quotas.ts';
import type { Projection } from './records.ts';
import { invalid, refuse } from './result.ts';

type Attributes = readonly KeyAttribute[];

const listed = (names: readonly string[]): string => `[${names.join(', ')}]`;
const namesOf = (elements: readonly { readonly name: string }[]): string[] => elements.map(({ name }) => name);
const malformed = (message: string): never => refuse('ValidationException', message);

/** The schema of a table's or an index's key. @throws Refused */
export function checkedSchema(keys: readonly KeyElement[], attributes: Attributes): KeySchema {
  const [hash, range, third] = keys;
  const defined = new Map(attributes.map(each => [each.name, each]));
  if (keys.some(({ name }) => !defined.has(name))) {
    invalid(
      `Some index key attributes are not defined in AttributeDefinitions. Keys: ${listed(namesOf(keys))}, AttributeDefinitions: ${listed(namesOf(attributes))}`,
    );
  }
  if (hash === undefined || hash.role !== 'HASH')
    return malformed('Invalid KeySchema: The first KeySchemaElement is not a HASH key type');
  if (third !== undefined) return invalid('The KeySchema exceeds the maximum allowed number of RANGE key attributes');
  if (range === undefined) return { hash: defined.get(hash.name)! };
  if (range.name === hash.name)
    malformed('Both the Hash Key and the Range Key element in the KeySchema have the same name');
  if (range.role !== 'RANGE') malformed('Invalid KeySchema: The second KeySchemaElement is not a RANGE key type');
  return { hash: defined.get(hash.name)!, range: defined.get(range.name)! };
}

/** @throws Refused when attributes are defined twice */
export function checkAttributes(attributes: Attributes): void {
  const seen = new Set<string>();
  for (const { name } of attributes) {
    if (seen.has(name)) malformed(`Attribute Name is duplicated: ${name}`);
    seen.add(name);
  }
}

/** @throws Refused when attributes are defined that no key uses */
export function checkUse(attributes: Attributes, schemas: readonly KeySchema[]): void {
  const used = new Set(schemas.flatMap(({ hash, range }) => namesOf(range === undefined ? [hash] : [hash, range])));
  if (attributes.every(({ name }) => used.has(name))) return;
  if (schemas.length === 1)
    invalid(
      'Number of attributes in KeySchema does not exactly match number of attributes defined in AttributeDefinitions',
    );
  const names = [...namesOf(attributes)].sort();
  invalid(
    `Some AttributeDefinitions are not used. AttributeDefinitions: ${listed(names)}, keys used: ${listed([...used].sort())}`,
  );
}

/** The key of a local index of a table. @throws Refused */
export function checkedLocal({ name, keys }: IndexInput, table: KeySchema, attributes: Attributes): KeySchema {
  const schema = checkedSchema(keys, attributes);
  if (schema.range === undefined) invalid(`Index KeySchema does not have a range key for index: ${name}`);
  if (schema.hash.name !== table.hash.name) {
    invalid(
      `Index KeySchema does not have the same leading hash key as table KeySchema for index: ${name}. index hash key: ${schema.hash.name}, table hash key: ${table.hash.name}`,
    );
  }
  return schema;
}

/** @throws Refused */
export function checkedProjection({ type, attributes }: ProjectionInput): Projection {
  if (type === undefined) return invalid('Unknown ProjectionType: null');
  if (type === 'INCLUDE') {
    if (attributes === undefined) return invalid('ProjectionType is INCLUDE, but NonKeyAttributes is not specified');
    const twice = attributes.find((name, i) => attributes.indexOf(name) !== i);
    if (twice !== undefined) invalid(`Duplicate element in NonKeyAttributes: ${twice}`);
    return attributes;
  }
  if (attributes !== undefined) invalid(`ProjectionType is ${type}, but NonKeyAttributes is specified`);
  return type === 'ALL' ? 'ALL' : 'KEYS_ONLY';
}

/** @throws Refused when the indexes of a table name too many attributes to include */
export function checkIncluded(projections: readonly Projection[]): void {
  const count = projections.reduce((sum, each) => sum + (typeof each === 'string' ? 0 : each.length), 0);
  if (count > QUOTAS.IncludedAttributesPerTable) {
    invalid(
      `Number of NonKeyAttributes in all secondary indexes exceeds the per-table limit of ${QUOTAS.IncludedAttributesPerTable}`,
    );
  }
}
