import {
  type AttributeValue,
  BatchExecuteStatementCommand,
  type BatchStatementRequest,
  ExecuteStatementCommand,
  type ExecuteStatementCommandInput,
  GetItemCommand,
  PutItemCommand,
} from '@aws-sdk/client-dynamodb';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { arnOf, type DynamoDbHost, refusal, startDynamoDbHost } from '../../testing/dynamodb-host.ts';

let host: DynamoDbHost;
beforeAll(async () => {
  host = await startDynamoDbHost();
  await host.table('music', {
    AttributeDefinitions: [
      { AttributeName: 'artist', AttributeType: 'S' },
      { AttributeName: 'song', AttributeType: 'S' },
      { AttributeName: 'year', AttributeType: 'N' },
    ],
    KeySchema: [
      { AttributeName: 'artist', KeyType: 'HASH' },
      { AttributeName: 'song', KeyType: 'RANGE' },
    ],
    GlobalSecondaryIndexes: [
      {
        IndexName: 'by-year',
        KeySchema: [{ AttributeName: 'year', KeyType: 'HASH' }],
        Projection: { ProjectionType: 'INCLUDE', NonKeyAttributes: ['genre'] },
      },
    ],
    LocalSecondaryIndexes: [
      {
        IndexName: 'by-artist-and-year',
        KeySchema: [
          { AttributeName: 'artist', KeyType: 'HASH' },
          { AttributeName: 'year', KeyType: 'RANGE' },
        ],
        Projection: { ProjectionType: 'KEYS_ONLY' },
      },
    ],
  });
  await host.table('plain');
});
afterAll(() => host.close());

const execute = (
  Statement: string,
  Parameters?: AttributeValue[],
  more: Partial<ExecuteStatementCommandInput> = {},
  client = host.root,
) => client.send(new ExecuteStatementCommand({ Statement, ...(Parameters && { Parameters }), ...more }));
const items = async (statement: string, parameters?: AttributeValue[], more?: Partial<ExecuteStatementCommandInput>) =>
  (await execute(statement, parameters, more)).Items!;
const batch = async (...Statements: BatchStatementRequest[]) =>
  (await host.root.send(new BatchExecuteStatementCommand({ Statements }))).Responses!;
const found = async (id: string) =>
  (await host.root.send(new GetItemCommand({ TableName: 'plain', Key: { id: { S: id } }, ConsistentRead: true }))).Item;
const put = (id: string, more: Record<string, AttributeValue> = {}) =>
  host.root.send(new PutItemCommand({ TableName: 'plain', Item: { id: { S: id }, ...more } }));

describe('INSERT', () => {
  it('puts an item that is new, and no other', async () => {
    const statement = `INSERT INTO "plain" VALUE {'id': 'new', 'n': 1, 'm': {'l': [1, 'a', true, null], 's': <<'x'>>}, 'p': ?}`;
    expect((await execute(statement, [{ NS: ['1', '2'] }])).Items).toEqual([]);
    expect(await found('new')).toEqual({
      ...{ id: { S: 'new' }, n: { N: '1' }, p: { NS: ['1', '2'] } },
      m: { M: { l: { L: [{ N: '1' }, { S: 'a' }, { BOOL: true }, { NULL: true }] }, s: { SS: ['x'] } } },
    });
    await expect(execute(`INSERT INTO plain VALUE {'id': 'new'}`)).rejects.toMatchObject(
      refusal('DuplicateItemException', 'Duplicate primary key exists in table'),
    );
    await execute('INSERT INTO plain VALUE ?', [{ M: { id: { S: 'whole' } } }]);
    expect(await found('whole')).toEqual({ id: { S: 'whole' } });
  });

  it('says what is wrong', async () => {
    const refused = (statement: string, message: string, name = 'ValidationException') =>
      expect(execute(statement)).rejects.toMatchObject(refusal(name, message));
    await refused(
      `INSERT INTO plain VALUE {'id': ''}`,
      'One or more parameter values are not valid. The AttributeValue for a key attribute cannot contain an empty string value. Key: id',
    );
    await refused(`INSERT INTO gone VALUE {'id': ''}`, 'Requested resource not found', 'ResourceNotFoundException');
    await refused(
      `INSERT INTO "a b" VALUE {'id': ''}`,
      "Table name should be within the length [3, 255] and only contain 'a-z', 'A-Z', '0-9', '-', '_', '.'.",
    );
    await refused(
      `SELECT * FROM plain ${' '.repeat(8200)}`,
      expect.stringContaining('Member must have length less than or equal to 8192') as unknown as string,
    );
    await refused(
      `EXISTS(SELECT * FROM plain WHERE id = 'a' AND x = 1)`,
      'EXISTS can only be used in ExecuteTransaction write requests.',
    );
  });
});

describe('UPDATE and DELETE', () => {
  it('change what is there', async () => {
    await put('change', { n: { N: '1' }, l: { L: [] }, s: { SS: ['a', 'b'] }, old: { S: 'x' }, m: { M: {} } });
    const statement = `UPDATE plain SET n = n + 2, l = list_append(l, [?]) SET s = set_add(s, <<'c'>>), m.deep = 'd'
      SET t = set_delete(t, <<'a'>>) REMOVE old WHERE id = 'change' AND n < 2 RETURNING ALL NEW *`;
    const after = {
      ...{ id: { S: 'change' }, n: { N: '3' }, l: { L: [{ S: 'p' }] }, s: { SS: ['a', 'b', 'c'] } },
      m: { M: { deep: { S: 'd' } } },
    };
    expect(await items(statement, [{ S: 'p' }])).toEqual([after]);
    expect(await items(`UPDATE plain SET n = 4 WHERE id = 'change' RETURNING MODIFIED OLD *`)).toEqual([
      { n: { N: '3' } },
    ]);
    expect(await items(`UPDATE plain SET n = 5 WHERE id = 'change' RETURNING MODIFIED NEW *`)).toEqual([
      { n: { N: '5' } },
    ]);
    expect(await items(`UPDATE plain REMOVE s WHERE id = 'change' RETURNING MODIFIED NEW *`)).toEqual([]);
    expect(await items(`FROM plain WHERE id = 'change' SET n = 6`)).toEqual([]);
    expect((await found('change'))?.n).toEqual({ N: '6' });
  });

  it('refuse what is not as it should be, and show it', async () => {
    await put('as', { n: { N: '1' } });
    const failed = refusal('ConditionalCheckFailedException', 'The conditional request failed');
    const shown = { ReturnValuesOnConditionCheckFailure: 'ALL_OLD' } as const;
    const Item = { id: { S: 'as' }, n: { N: '1' } };
    await expect(execute(`UPDATE plain SET n = 2 WHERE id = 'as' AND n = 7`, undefined, shown)).rejects.toMatchObject({
      ...failed,
      Item,
    });
    await expect(execute(`DELETE FROM plain WHERE id = 'as' AND n = 7`)).rejects.toMatchObject(failed);
    await expect(execute(`UPDATE plain SET n = 2 WHERE id = 'nobody'`)).rejects.toMatchObject(failed);
    await expect(
      execute(`UPDATE plain SET n = 2 WHERE id = 'nobody' AND attribute_not_exists(id)`),
    ).rejects.toMatchObject(failed);
    expect(await found('as')).toEqual(Item);
    expect(await found('nobody')).toBeUndefined();
  });

  it('delete an item, if there is one', async () => {
    await put('end', { n: { N: '1' } });
    const statement = `DELETE FROM plain WHERE id = 'end' AND (n = 1 OR n = 2) RETURNING ALL OLD *`;
    expect(await items(statement)).toEqual([{ id: { S: 'end' }, n: { N: '1' } }]);
    expect(await items(statement)).toEqual([]);
    expect(await items(`DELETE FROM plain WHERE id = 'end'`)).toEqual([]);
  });
});

describe('SELECT', () => {
  const songs = (artist: string) =>
    Array.from({ length: 5 }, (_, n) => ({
      ...{ artist: { S: artist }, song: { S: `s${n}` }, year: { N: `${1990 + n}` } },
      ...{ genre: { S: n % 2 === 0 ? 'rock' : 'folk' }, label: { M: { name: { S: `l${n}` } } } },
    }));
  beforeAll(async () => {
    for (const Item of ['a', 'b', 'c'].flatMap(songs))
      await host.root.send(new PutItemCommand({ TableName: 'music', Item }));
  });
  const names = (all: readonly Record<string, AttributeValue>[]) => all.map(each => `${each.artist?.S}${each.song?.S}`);

  it.each<[string, string[]]>([
    [`artist = 'a' AND song = 's3'`, ['as3']],
    [`artist = 'a' AND song > 's2'`, ['as3', 'as4']],
    [`artist = 'a' AND song BETWEEN 's1' AND 's2' AND genre = 'rock'`, ['as2']],
    [`artist = 'a' AND begins_with(song, 's') ORDER BY song DESC`, ['as4', 'as3', 'as2', 'as1', 'as0']],
    [`artist = 'a' AND song <> 's0' AND NOT (genre = 'rock')`, ['as1', 'as3']],
    [`artist IN ['c', 'a'] AND song = 's0'`, ['cs0', 'as0']],
    [`artist IN ('c', 'a') AND song = 's0' ORDER BY artist`, ['as0', 'cs0']],
    [`artist = 'b' AND song = 's1' OR artist = 'a' AND year < 1991 ORDER BY artist DESC, song`, ['bs1', 'as0']],
    [`'s3' < song AND artist = 'c'`, ['cs4']],
    [`artist = 'nobody'`, []],
  ])('reads by keys: %s', async (where, expected) => {
    for (const ConsistentRead of [true, false])
      expect(names(await items(`SELECT * FROM music WHERE ${where}`, undefined, { ConsistentRead }))).toEqual(expected);
  });

  it('scans without them', async () => {
    expect(await items('SELECT * FROM music')).toHaveLength(15);
    const found = await items(`SELECT artist, song, label.name FROM music WHERE size(song) = 2 AND year = ?`, [
      { N: '1994' },
    ]);
    expect(names(found).sort()).toEqual(['as4', 'bs4', 'cs4']);
    expect(found.map(({ name }) => name)).toEqual(Array(3).fill({ S: 'l4' }));
  });

  it('goes on after a page, through every read', async () => {
    const statement = `SELECT song FROM music WHERE artist IN ['a', 'b', 'c'] AND genre = 'rock'`;
    const pages: number[] = [];
    const all: unknown[] = [];
    let NextToken: string | undefined;
    do {
      const page = await execute(statement, undefined, { Limit: 2, ...(NextToken && { NextToken }) });
      all.push(...page.Items!);
      pages.push(page.Items!.length);
      NextToken = page.NextToken;
    } while (NextToken !== undefined);
    expect(all).toHaveLength(9);
    expect(pages.length).toBeGreaterThan(6);
    expect(all).toEqual(await items(statement));
    const scanned = await execute('SELECT * FROM music', undefined, { Limit: 4 });
    const rest = await items('SELECT * FROM music', undefined, { NextToken: scanned.NextToken! });
    expect(scanned.LastEvaluatedKey).toMatchObject({ artist: scanned.Items!.at(-1)!.artist });
    expect(rest).toHaveLength(11);
  });

  it.each<[string, (token: string) => string, string]>([
    ['one of another statement', token => token, 'NextToken does not match request'],
    ['none at all', () => 'garbage', 'Invalid NextToken'],
    ['one of other types', () => Buffer.from('{"a":1}').toString('base64url'), 'Invalid NextToken'],
  ])('refuses a token that is %s', async (_, changed, message) => {
    const { NextToken } = await execute('SELECT * FROM music', undefined, { Limit: 1 });
    const other = { NextToken: changed(NextToken!) };
    await expect(execute('SELECT song FROM music', undefined, other)).rejects.toMatchObject(
      refusal('ValidationException', message),
    );
  });

  it('refuses a place that it was not at', async () => {
    const page = await execute(`SELECT * FROM music WHERE artist = 'a'`, undefined, { Limit: 1 });
    const [digest] = JSON.parse(Buffer.from(page.NextToken!, 'base64url').toString()) as [string];
    const forged = (read: number, key: unknown) => ({
      NextToken: Buffer.from(JSON.stringify([digest, read, key])).toString('base64url'),
    });
    for (const more of [
      forged(1, null),
      forged(0, { x: { S: 'y' } }),
      forged(0, 7),
      forged(0, { artist: { S: 'b' }, song: { S: 'x' } }),
    ])
      await expect(execute(`SELECT * FROM music WHERE artist = 'a'`, undefined, more)).rejects.toMatchObject(
        refusal('ValidationException', 'Invalid NextToken'),
      );
  });

  it('reads indexes', async () => {
    expect(await items(`SELECT * FROM "music"."by-year" WHERE year = 1992`)).toHaveLength(3);
    const [first] = await items(`SELECT * FROM music."by-year" WHERE year = 1992 AND artist = 'a'`);
    expect(Object.keys(first!).sort()).toEqual(['artist', 'genre', 'song', 'year']);
    const local = `SELECT label FROM music."by-artist-and-year" WHERE artist = 'b' AND year >= 1993 ORDER BY year DESC`;
    expect((await items(local)).map(({ label }) => label)).toEqual(
      ['l4', 'l3'].map(name => ({ M: { name: { S: name } } })),
    );
  });

  it.each<[string, string]>([
    [`SELECT * FROM music."none" WHERE year = 1`, 'The table does not have the specified index'],
    [
      `SELECT label FROM music."by-year" WHERE year = 1`,
      'One or more parameter values were invalid: Global secondary index by-year does not project [label]',
    ],
    ...['by-year', 'by-artist-and-year'].map(
      index =>
        [
          `SELECT song FROM music."${index}" WHERE label = 1`,
          `One or more parameter values were invalid: Secondary index ${index} does not project one or more filter attributes: [label]`,
        ] as [string, string],
    ),
  ])('%s', async (statement, message) => {
    await expect(execute(statement)).rejects.toMatchObject(refusal('ValidationException', message));
  });

  it('does not read global indexes strongly', async () => {
    const strong = { ConsistentRead: true };
    await expect(execute(`SELECT * FROM music."by-year" WHERE year = 1`, undefined, strong)).rejects.toMatchObject(
      refusal('ValidationException', 'Strongly consistent read is not supported on Global Secondary Indexes'),
    );
  });

  it('says what it costs', async () => {
    const asked = { ReturnConsumedCapacity: 'INDEXES', ConsistentRead: true } as const;
    const { ConsumedCapacity } = await execute(`SELECT * FROM music WHERE artist IN ['a', 'b']`, undefined, asked);
    expect(ConsumedCapacity).toEqual({ TableName: 'music', CapacityUnits: 2, Table: { CapacityUnits: 2 } });
    const written = await execute(`INSERT INTO plain VALUE {'id': 'cost'}`, undefined, {
      ReturnConsumedCapacity: 'TOTAL',
    });
    expect(written.ConsumedCapacity).toEqual({ TableName: 'plain', CapacityUnits: 1 });
  });
});

describe('BatchExecuteStatement', () => {
  it('reads items by their keys, and says of each statement what is wrong', async () => {
    await put('b1', { n: { N: '1' } });
    const select = (where: string) => ({ Statement: `SELECT n FROM plain WHERE ${where}` });
    const KEYS = 'Select statements within BatchExecuteStatement must specify the primary key in the where clause.';
    const gone = { Statement: `SELECT * FROM gone WHERE id = 'x'` };
    expect(
      await batch(select(`id = 'b1'`), select(`id = 'none'`), select('n = 1'), gone, { Statement: 'SLECT' }),
    ).toEqual([
      { TableName: 'plain', Item: { n: { N: '1' } } },
      { TableName: 'plain' },
      { TableName: 'plain', Error: { Code: 'ValidationError', Message: KEYS } },
      { TableName: 'gone', Error: { Code: 'ResourceNotFound', Message: 'Requested resource not found' } },
      {
        Error: {
          ...{ Code: 'ValidationError' },
          Message: "Statement wasn't well formed, can't be processed: Expected data manipulation",
        },
      },
    ]);
  });

  it('writes, each on its own', async () => {
    await put('b2', { n: { N: '1' } });
    const conditional = { ReturnValuesOnConditionCheckFailure: 'ALL_OLD' } as const;
    const responses = await batch(
      { Statement: `INSERT INTO plain VALUE {'id': 'b3'}` },
      { Statement: `INSERT INTO plain VALUE {'id': 'b2'}` },
      { Statement: `UPDATE plain SET n = 5 WHERE id = 'b2' AND n = 9`, ...conditional },
      { Statement: `DELETE FROM plain WHERE id = 'new' RETURNING ALL OLD *` },
    );
    expect(responses).toEqual([
      { TableName: 'plain' },
      { TableName: 'plain', Error: { Code: 'DuplicateItem', Message: 'Duplicate primary key exists in table' } },
      {
        TableName: 'plain',
        Error: {
          ...{ Code: 'ConditionalCheckFailed', Message: 'The conditional request failed' },
          Item: { id: { S: 'b2' }, n: { N: '1' } },
        },
      },
      { TableName: 'plain', Item: expect.objectContaining({ id: { S: 'new' } }) as unknown },
    ]);
    expect(await found('b3')).toBeDefined();
  });

  it('does not mix reads and writes, and bounds their number', async () => {
    const read = { Statement: `SELECT * FROM plain WHERE id = 'a'` };
    await expect(batch(read, { Statement: `DELETE FROM plain WHERE id = 'a'` })).rejects.toMatchObject(
      refusal('ValidationException', 'Read and write requests together in the same batch is not supported.'),
    );
    await expect(batch(...Array<typeof read>(26).fill(read))).rejects.toMatchObject(
      refusal('ValidationException', expect.stringContaining('less than or equal to 25')),
    );
  });
});

describe('policies', () => {
  it('are asked about actions, keys, and scans of all there is', async () => {
    const on = { Effect: 'Allow', Resource: [arnOf('plain'), `${arnOf('music')}/index/*`] };
    const user = await host.user('statements', [
      { ...on, Action: ['dynamodb:PartiQLInsert', 'dynamodb:PartiQLSelect'] },
      {
        ...{ Effect: 'Deny', Action: 'dynamodb:PartiQLSelect', Resource: '*' },
        Condition: { Bool: { 'dynamodb:FullTableScan': 'true' } },
      },
      {
        ...{ Effect: 'Allow', Action: 'dynamodb:PartiQLUpdate', Resource: arnOf('plain') },
        Condition: { 'ForAllValues:StringEquals': { 'dynamodb:LeadingKeys': ['mine'] } },
      },
    ]);
    const run = (statement: string) => execute(statement, undefined, {}, user);
    await run(`INSERT INTO plain VALUE {'id': 'mine'}`);
    await run(`UPDATE plain SET n = 1 WHERE id = 'mine'`);
    expect((await run(`SELECT * FROM plain WHERE id IN ['mine', 'other']`)).Items).toHaveLength(1);
    await run(`SELECT * FROM music."by-year" WHERE year = 1990`);
    for (const statement of [
      'SELECT * FROM plain',
      `SELECT * FROM music WHERE artist = 'a'`,
      `UPDATE plain SET n = 1 WHERE id = 'other'`,
      `DELETE FROM plain WHERE id = 'mine'`,
    ])
      await expect(run(statement), statement).rejects.toMatchObject(refusal('AccessDeniedException'));
    const Statements = [{ Statement: `DELETE FROM plain WHERE id = 'mine'` }];
    const { Responses } = await user.send(new BatchExecuteStatementCommand({ Statements }));
    expect(Responses![0]!.Error!.Code).toBe('AccessDenied');
  });
});
