import {
  type AttributeValue,
  BatchWriteItemCommand,
  ExecuteStatementCommand,
  ScanCommand,
} from '@aws-sdk/client-dynamodb';
import fc from 'fast-check';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { type DynamoDbHost, startDynamoDbHost } from '../../testing/dynamodb-host.ts';

/** `STORMGLASS_STATEMENTS=2000` for as many. */
const numRuns = Number(process.env.STORMGLASS_STATEMENTS ?? 60);
const TableName = 'letters';
const LETTERS = ['a', 'b', 'c', 'd'];

let host: DynamoDbHost;
beforeAll(async () => {
  host = await startDynamoDbHost();
  await host.table(TableName, {
    AttributeDefinitions: [
      { AttributeName: 'h', AttributeType: 'S' },
      { AttributeName: 'r', AttributeType: 'N' },
    ],
    KeySchema: [
      { AttributeName: 'h', KeyType: 'HASH' },
      { AttributeName: 'r', KeyType: 'RANGE' },
    ],
  });
  for (const [n, h] of LETTERS.entries()) {
    const rows = Array.from({ length: 8 }, (_, r) => ({
      ...{ h: { S: h }, r: { N: `${r}` }, x: { N: `${(n + r) % 3}` } },
      ...(r % 2 === 0 ? { y: { S: `${h}${r}` } } : { z: { L: [{ N: `${r}` }] } }),
    }));
    const requests = rows.map(Item => ({ PutRequest: { Item } }));
    await host.root.send(new BatchWriteItemCommand({ RequestItems: { [TableName]: requests } }));
  }
});
afterAll(() => host.close());

/** A condition twice: as PartiQL with literals, and as a filter with placeholders for values. */
interface Both {
  readonly statement: string;
  readonly filter: (value: (of: AttributeValue) => string) => string;
}

const compared = (name: string, values: fc.Arbitrary<[string, AttributeValue]>): fc.Arbitrary<Both> =>
  fc.tuple(fc.constantFrom('=', '<>', '<', '<=', '>', '>='), values).map(([operator, [literal, of]]) => ({
    statement: `${name} ${operator} ${literal}`,
    filter: value => `${name} ${operator} ${value(of)}`,
  }));
const oneOf = (name: string, values: fc.Arbitrary<[string, AttributeValue]>): fc.Arbitrary<Both> =>
  fc.array(values, { minLength: 1, maxLength: 3 }).map(all => ({
    statement: `${name} IN [${all.map(([literal]) => literal).join(', ')}]`,
    filter: value => `${name} IN (${all.map(([, of]) => value(of)).join(', ')})`,
  }));
const text = fc.constantFrom(...LETTERS, 'e').map((S): [string, AttributeValue] => [`'${S}'`, { S }]);
const number = fc.integer({ min: -1, max: 8 }).map((n): [string, AttributeValue] => [`${n}`, { N: `${n}` }]);
const range = fc.tuple(fc.integer({ min: 0, max: 4 }), fc.integer({ min: 4, max: 8 })).map(
  ([low, high]): Both => ({
    statement: `r BETWEEN ${low} AND ${high}`,
    filter: value => `r BETWEEN ${value({ N: `${low}` })} AND ${value({ N: `${high}` })}`,
  }),
);
const alike = (both: string): Both => ({ statement: both, filter: () => both });

const predicate = fc.oneof(
  { weight: 5, arbitrary: compared('h', text) },
  { weight: 2, arbitrary: oneOf('h', text) },
  { weight: 3, arbitrary: compared('r', number) },
  { weight: 1, arbitrary: oneOf('r', number) },
  { weight: 1, arbitrary: range },
  { weight: 2, arbitrary: compared('x', number) },
  {
    weight: 1,
    arbitrary: text.map(
      ([literal, of]): Both => ({
        statement: `begins_with(y, ${literal})`,
        filter: value => `begins_with(y, ${value(of)})`,
      }),
    ),
  },
  { weight: 1, arbitrary: fc.constantFrom(alike('attribute_exists(z)'), alike('NOT attribute_exists(y)')) },
);

const condition: fc.Arbitrary<Both> = fc.letrec<{ condition: Both }>(tie => ({
  condition: fc.oneof(
    { depthSize: 'small', withCrossShrink: true },
    { weight: 2, arbitrary: predicate },
    { weight: 3, arbitrary: joined('AND', tie('condition')) },
    { weight: 2, arbitrary: joined('OR', tie('condition')) },
    { weight: 1, arbitrary: tie('condition').map(part => combined([part], ([each]) => `NOT (${each})`)) },
  ),
})).condition;

function joined(word: string, part: fc.Arbitrary<Both>): fc.Arbitrary<Both> {
  return fc
    .array(part, { minLength: 2, maxLength: 3 })
    .map(parts =>
      combined(parts, texts =>
        texts.map(each => (/ (AND|OR|NOT) |^NOT /.test(each) ? `(${each})` : each)).join(` ${word} `),
      ),
    );
}

const combined = (parts: readonly Both[], combine: (texts: readonly string[]) => string): Both => ({
  statement: combine(parts.map(({ statement }) => statement)),
  filter: value => combine(parts.map(({ filter }) => filter(value))),
});

async function selected(where: string, Limit: number): Promise<string[]> {
  const found: string[] = [];
  let NextToken: string | undefined;
  do {
    const page = await host.root.send(
      new ExecuteStatementCommand({
        ...{ Statement: `SELECT h, r FROM ${TableName} WHERE ${where}`, Limit },
        ...(NextToken && { NextToken }),
      }),
    );
    for (const { h, r } of page.Items!) found.push(`${h!.S}${r!.N}`);
    NextToken = page.NextToken;
  } while (NextToken !== undefined);
  return found;
}

it('finds what a scan with the same condition for its filter finds', async () => {
  let some = 0;
  await fc.assert(
    fc.asyncProperty(condition, fc.integer({ min: 1, max: 40 }), async ({ statement, filter }, limit) => {
      const values: Record<string, AttributeValue> = {};
      const FilterExpression = filter(of => {
        const name = `:v${Object.keys(values).length}`;
        values[name] = of;
        return name;
      });
      const { Items } = await host.root.send(
        new ScanCommand({
          ...{ TableName, FilterExpression },
          ...(Object.keys(values).length > 0 && { ExpressionAttributeValues: values }),
        }),
      );
      const scanned = Items!.map(({ h, r }) => `${h!.S}${r!.N}`).sort();
      expect((await selected(statement, limit)).sort(), statement).toEqual(scanned);
      if (scanned.length > 0) some++;
    }),
    { numRuns },
  );
  expect(some / numRuns).toBeGreaterThan(0.3);
});
