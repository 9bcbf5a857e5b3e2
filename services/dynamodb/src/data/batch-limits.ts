/** How much one request over several tables may ask for, in the words that DynamoDB has for each bound. */
import { InvalidInput } from '@stormglass/items';

const READS_MAX = 100;
const WRITES_MAX = 25;

type Asked = Readonly<Record<string, readonly unknown[]>>;

/** @throws InvalidInput unless there are 1 to 100 keys, some of each table */
export function checkReads(reads: Readonly<Record<string, { readonly Keys?: readonly unknown[] | undefined }>>): void {
  const keys = Object.fromEntries(Object.entries(reads).map(([table, { Keys = [] }]) => [table, Keys]));
  checkNotEmpty(keys, 'BatchGetItem');
  for (const [table, { length }] of Object.entries(keys)) {
    const broken =
      length === 0 ? 'greater than or equal to 1' : length > READS_MAX && `less than or equal to ${READS_MAX}`;
    if (broken)
      throw new InvalidInput(
        `1 validation error detected: Value at 'RequestItems.${table}.member.Keys' failed to satisfy constraint: Member must have length ${broken}`,
      );
  }
  if (count(keys) > READS_MAX) throw new InvalidInput('Too many items requested for the BatchGetItem call');
}

/** @throws InvalidInput unless there are 1 to 25 writes, some of each table */
export function checkWrites(requests: Asked): void {
  checkNotEmpty(requests, 'BatchWriteItem');
  // AWS prints all of the requests; nobody needs them again.
  for (const [table, { length }] of Object.entries(requests))
    if (length === 0 || length > WRITES_MAX)
      throw new InvalidInput(
        `1 validation error detected: Value '{${table}=[${length} WriteRequest]}' at 'requestItems' failed to satisfy constraint: ` +
          `Map value must satisfy constraint: [Member must have length less than or equal to ${WRITES_MAX}, Member must have length greater than or equal to 1]`,
      );
  if (count(requests) > WRITES_MAX) throw new InvalidInput('Too many items requested for the BatchWriteItem call');
}

function checkNotEmpty(asked: Asked, operation: string): void {
  if (Object.keys(asked).length === 0)
    throw new InvalidInput(`The requestItems parameter is required for ${operation}`);
}

const count = (asked: Asked): number => Object.values(asked).reduce((sum, { length }) => sum + length, 0);
