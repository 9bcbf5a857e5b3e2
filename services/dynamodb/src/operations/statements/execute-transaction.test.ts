import {
  ExecuteTransactionCommand,
  type ExecuteTransactionCommandInput,
  type ParameterizedStatement,
} from '@aws-sdk/client-dynamodb';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { type DynamoDbHost, refusal, startDynamoDbHost } from '../../testing/dynamodb-host.ts';

let host: DynamoDbHost;
beforeAll(async () => {
  host = await startDynamoDbHost();
  await host.table('accounts');
  await host.spread('accounts');
});
afterAll(() => host.close());

type Statement = string | ParameterizedStatement;
const execute = (statements: readonly Statement[], more: Partial<ExecuteTransactionCommandInput> = {}) =>
  host.root.send(
    new ExecuteTransactionCommand({
      TransactStatements: statements.map(each => (typeof each === 'string' ? { Statement: each } : each)),
      ...more,
    }),
  );
const select = (id: string, what = '*') => `SELECT ${what} FROM accounts WHERE id = '${id}'`;
const insert = (id: string, n: number) => `INSERT INTO accounts VALUE {'id': '${id}', 'n': ${n}}`;
const read = async (...ids: string[]) =>
  (await execute(ids.map(id => select(id, 'n')))).Responses!.map(({ Item }) => Item?.n?.N);
const upTo = (count: number) => Array.from({ length: count }, (_, n) => n);

it('writes all or nothing, over all cells', async () => {
  const ids = upTo(9).map(n => `all${n}`);
  const asked = { ReturnConsumedCapacity: 'TOTAL' } as const;
  const answer = await execute(
    ids.map((id, n) => insert(id, n)),
    asked,
  );
  expect(answer.Responses).toEqual([]);
  expect(answer.ConsumedCapacity).toEqual([{ TableName: 'accounts', CapacityUnits: 18, WriteCapacityUnits: 18 }]);
  await execute([
    `UPDATE accounts SET n = n + 10 WHERE id = 'all0' AND n = 0`,
    `DELETE FROM accounts WHERE id = 'all1'`,
    `EXISTS(SELECT * FROM accounts WHERE id = 'all2' AND n < 3)`,
    { Statement: 'UPDATE accounts SET n = ? WHERE id = ?', Parameters: [{ N: '33' }, { S: 'all3' }] },
  ]);
  expect(await read(...ids.slice(0, 5))).toEqual(['10', undefined, '2', '33', '4']);
});

it('says why it did nothing', async () => {
  await execute([insert('why0', 0), insert('why1', 1)]);
  const shown = { ReturnValuesOnConditionCheckFailure: 'ALL_OLD' } as const;
  const statements = [
    insert('why0', 5),
    { Statement: `UPDATE accounts SET n = 7 WHERE id = 'why1' AND n = 9`, ...shown },
    insert('why2', 2),
    `EXISTS(SELECT * FROM accounts WHERE id = 'none' AND n IS MISSING)`,
    `DELETE FROM accounts WHERE id = 'nobody' AND n = 5`,
  ];
  const codes = 'DuplicateItem, ConditionalCheckFailed, None, ConditionalCheckFailed, None';
  const Message = 'The conditional request failed';
  await expect(execute(statements)).rejects.toMatchObject({
    ...refusal(
      'TransactionCanceledException',
      `Transaction cancelled, please refer cancellation reasons for specific reasons [${codes}]`,
    ),
    CancellationReasons: [
      { Code: 'DuplicateItem', Message: 'Duplicate primary key exists in table' },
      { Code: 'ConditionalCheckFailed', Message, Item: { id: { S: 'why1' }, n: { N: '1' } } },
      { Code: 'None' },
      { Code: 'ConditionalCheckFailed', Message },
      { Code: 'None' },
    ],
  });
  expect(await read('why0', 'why1', 'why2')).toEqual(['0', '1', undefined]);
});

it('does what has a token once', async () => {
  await execute([insert('once0', 0), insert('once1', 0)]);
  const add = upTo(2).map(n => `UPDATE accounts SET n = n + 1 WHERE id = 'once${n}'`);
  const asked = { ClientRequestToken: 'token', ReturnConsumedCapacity: 'TOTAL' } as const;
  const first = await execute(add, asked);
  const again = await execute(add, asked);
  expect(first.ConsumedCapacity![0]!.WriteCapacityUnits).toBe(4);
  expect(again.ConsumedCapacity![0]!.ReadCapacityUnits).toBe(4);
  expect(await read('once0', 'once1')).toEqual(['1', '1']);
  await expect(execute([add[0]!], asked)).rejects.toMatchObject(refusal('IdempotentParameterMismatchException'));
});

it.each<[string, Statement[], string]>([
  [
    'reads and writes',
    [select('a'), insert('b', 1)],
    'Read and write requests together in the same transaction is not supported.',
  ],
  [
    'one item twice',
    [insert('a', 1), `DELETE FROM accounts WHERE id = 'a'`],
    'Transaction request cannot include multiple operations on one item',
  ],
  ['one read twice', [select('a'), select('a')], 'Transaction request cannot include multiple operations on one item'],
  [
    'what gives something back',
    [insert('a', 1), `UPDATE accounts SET n = 1 WHERE id = 'x' RETURNING ALL NEW *`],
    'Validation failed in TransactStatements[1]: RETURNING clause is not supported in ExecuteTransaction.',
  ],
  [
    'an index',
    [`SELECT * FROM accounts."by-n" WHERE n = 1`],
    'Validation failed in TransactStatements[0]: Reads on indices are not supported within transactions.',
  ],
  [
    'reads of several items',
    [select('a'), 'SELECT * FROM accounts WHERE n = 1'],
    'Validation failed in TransactStatements[1]: Select statements within ExecuteTransaction must specify the primary key in the where clause.',
  ],
  [
    'a condition that is none',
    [`EXISTS(SELECT * FROM accounts WHERE id = 'a')`],
    'Validation failed in TransactStatements[0]: EXISTS() must contain a single item read with additional condition',
  ],
  [
    'no statement',
    [insert('a', 1), 'SELECT * FROM accounts WHERE'],
    "Validation failed in TransactStatements[1]: Statement wasn't well formed, can't be processed: Unexpected term",
  ],
])('refuses %s', async (_, statements, message) => {
  await expect(execute(statements)).rejects.toMatchObject(refusal('ValidationException', message));
});

it('has 1 to 100 statements, of tables that are there', async () => {
  const tooMany = upTo(101).map(n => select(`${n}`));
  const LENGTH = expect.stringContaining(
    "at 'transactStatements' failed to satisfy constraint: Member must have length",
  );
  for (const statements of [[], tooMany])
    await expect(execute(statements)).rejects.toMatchObject(refusal('ValidationException', LENGTH));
  for (const statement of ["SELECT * FROM gone WHERE id = 'a'", "DELETE FROM gone WHERE id = 'a'"])
    await expect(execute([statement])).rejects.toMatchObject(
      refusal('ResourceNotFoundException', 'Requested resource not found'),
    );
});

it('writes no more than 4 MB', async () => {
  const large = { S: 'x'.repeat(390 * 1024) };
  const inserts = upTo(11).map(n => ({
    Statement: `INSERT INTO accounts VALUE {'id': 'large${n}', 'large': ?}`,
    Parameters: [large],
  }));
  await expect(execute(inserts)).rejects.toMatchObject(
    refusal('ValidationException', 'The aggregate size of the items in the transaction cannot exceed 4 MB'),
  );
});
