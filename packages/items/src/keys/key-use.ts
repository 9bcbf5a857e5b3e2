/** Where expressions may not touch the key of the table or index that they are for. */
import { InvalidInput } from '../invalid-input.ts';
import { type KeySchema, keyAttributes } from './key-schema.ts';

/**
 * @param attributes what an update changes
 * @throws InvalidInput when it changes the key
 */
export function checkKeyUnchanged(attributes: ReadonlySet<string>, schema: KeySchema): void {
  const key = keyAttributes(schema).find(({ name }) => attributes.has(name));
  if (key !== undefined)
    throw new InvalidInput(
      `One or more parameter values were invalid: Cannot update attribute ${key.name}. ` +
        'This attribute is part of the key',
    );
}

/**
 * @param attributes what a filter of Query looks at
 * @throws InvalidInput when it looks at the key, which is what key conditions are for
 */
export function checkFilterAttributes(attributes: ReadonlySet<string>, schema: KeySchema): void {
  const key = keyAttributes(schema).find(({ name }) => attributes.has(name));
  if (key !== undefined)
    throw new InvalidInput(
      `Filter Expression can only contain non-primary key attributes: Primary key attribute: ${key.name}`,
    );
}
