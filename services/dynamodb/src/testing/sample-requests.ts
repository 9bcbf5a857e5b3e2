/** Good requests for every operation, about the tables `fuzz` and `pairs`: what spoiled ones are made of. */
import { arnOf } from './dynamodb-host.ts';

export const FUZZ = 'fuzz';
export const PAIRS = 'pairs';
/** No sample is about it. */
export const UNTOUCHED = 'untouched';

const hash = { AttributeName: 'id', KeyType: 'HASH' };
const defined = (AttributeName: string, AttributeType: string) => ({ AttributeName, AttributeType });
const kept = { BillingMode: 'PAY_PER_REQUEST', DeletionProtectionEnabled: true };

export const TABLES = [
  ...[FUZZ, UNTOUCHED].map(TableName => ({
    ...{ TableName, KeySchema: [hash], AttributeDefinitions: [defined('id', 'S')], ...kept },
  })),
  {
    ...{ TableName: PAIRS, KeySchema: [hash, { AttributeName: 'at', KeyType: 'RANGE' }], ...kept },
    AttributeDefinitions: [defined('id', 'S'), defined('at', 'N'), defined('kind', 'S')],
    GlobalSecondaryIndexes: [
      {
        IndexName: 'kinds',
        KeySchema: [{ AttributeName: 'kind', KeyType: 'HASH' }],
        Projection: { ProjectionType: 'ALL' },
      },
    ],
    StreamSpecification: { StreamEnabled: true, StreamViewType: 'NEW_AND_OLD_IMAGES' },
  },
] as const;

const key = { id: { S: 'a' } };
const pair = { id: { S: 'a' }, at: { N: '7' } };
const item = {
  ...pair,
  kind: { S: 'k' },
  deep: { M: { seq: { L: [{ N: '1' }, { BOOL: true }] } } },
  tags: { SS: ['x', 'y'] },
};
const names = { '#k': 'kind', '#d': 'deep' };
const values = { ':v': { N: '1' }, ':k': { S: 'k' } };
const condition = {
  ConditionExpression:
    'attribute_not_exists(#d.seq[3]) AND (attribute_not_exists(#k) OR #k = :k OR size(tags) BETWEEN :v AND :v)',
  ExpressionAttributeNames: names,
  ExpressionAttributeValues: values,
};
const returns = { ReturnValues: 'ALL_OLD', ReturnConsumedCapacity: 'INDEXES', ReturnItemCollectionMetrics: 'SIZE' };
const update = {
  UpdateExpression: 'SET #d.seq[0] = :v + :v, n = if_not_exists(n, :v) REMOVE tags ADD m :v',
  ExpressionAttributeNames: { '#d': 'deep' },
  ExpressionAttributeValues: { ':v': { N: '1' } },
};
const legacy = { kind: { ComparisonOperator: 'EQ', AttributeValueList: [{ S: 'k' }] } };
const attributes = ['id', 'kind'].map(AttributeName => ({ AttributeName, AttributeType: 'S' }));
const index = {
  IndexName: 'kinds',
  KeySchema: [{ AttributeName: 'kind', KeyType: 'HASH' }],
  Projection: { ProjectionType: 'INCLUDE', NonKeyAttributes: ['tags'] },
};
const policy = { Version: '2012-10-17', Statement: [{ Effect: 'Allow', Principal: '*', Action: '*', Resource: '*' }] };

/** Operations that are not here are asked with `ANY`. */
export const SAMPLES: Readonly<Record<string, readonly object[]>> = {
  PutItem: [
    { TableName: PAIRS, Item: item, ...condition, ...returns },
    { TableName: FUZZ, Item: key, Expected: { kind: { Exists: false } } },
  ],
  GetItem: [
    {
      TableName: PAIRS,
      Key: pair,
      ProjectionExpression: '#k, deep.seq[1]',
      ExpressionAttributeNames: { '#k': 'kind' },
      ConsistentRead: true,
    },
  ],
  UpdateItem: [
    { TableName: PAIRS, Key: pair, ...update, ...returns },
    { TableName: FUZZ, Key: key, AttributeUpdates: { n: { Action: 'ADD', Value: { N: '1' } } } },
  ],
  DeleteItem: [{ TableName: PAIRS, Key: pair, ...condition, ...returns }],
  Query: [
    {
      ...{
        TableName: PAIRS,
        KeyConditionExpression: 'id = :i AND #a BETWEEN :v AND :w',
        FilterExpression: 'contains(tags, :i)',
      },
      ...{
        ExpressionAttributeNames: { '#a': 'at' },
        ExpressionAttributeValues: { ':i': { S: 'a' }, ':v': { N: '1' }, ':w': { N: '9' } },
      },
      ...{ Limit: 5, ScanIndexForward: false, ExclusiveStartKey: pair, ReturnConsumedCapacity: 'TOTAL' },
    },
    {
      TableName: PAIRS,
      IndexName: 'kinds',
      KeyConditions: legacy,
      Select: 'COUNT',
      ExclusiveStartKey: { ...pair, kind: { S: 'k' } },
    },
  ],
  Scan: [
    {
      TableName: PAIRS,
      Segment: 2,
      TotalSegments: 3,
      FilterExpression: '#k <> :k',
      ExpressionAttributeNames: { '#k': 'kind' },
      ExpressionAttributeValues: { ':k': { S: 'k' } },
      Limit: 3,
      ExclusiveStartKey: pair,
    },
    { TableName: PAIRS, IndexName: 'kinds', ScanFilter: legacy, AttributesToGet: ['tags'] },
  ],
  BatchGetItem: [
    {
      RequestItems: {
        [PAIRS]: { Keys: [pair], ProjectionExpression: 'kind', ConsistentRead: true },
        [FUZZ]: { Keys: [key] },
      },
    },
  ],
  BatchWriteItem: [
    {
      RequestItems: { [PAIRS]: [{ PutRequest: { Item: item } }], [FUZZ]: [{ DeleteRequest: { Key: key } }] },
      ...returns,
    },
  ],
  TransactWriteItems: [
    {
      TransactItems: [
        { Put: { TableName: FUZZ, Item: { id: { S: 'b' } } } },
        { Update: { TableName: PAIRS, Key: pair, ...update } },
        { ConditionCheck: { TableName: FUZZ, Key: key, ConditionExpression: 'attribute_exists(id)' } },
      ],
      ClientRequestToken: 'token',
    },
  ],
  TransactGetItems: [
    {
      TransactItems: [
        { Get: { TableName: PAIRS, Key: pair, ProjectionExpression: 'kind' } },
        { Get: { TableName: FUZZ, Key: key } },
      ],
    },
  ],
  ExecuteStatement: [
    {
      Statement: `SELECT id, deep.seq[0] FROM "${PAIRS}"."kinds" WHERE kind = ? AND begins_with(id, 'a')`,
      Parameters: [{ S: 'k' }],
      Limit: 3,
    },
    { Statement: `UPDATE "${PAIRS}" SET n = 1 REMOVE tags WHERE id = 'a' AND "at" = 7 RETURNING ALL NEW *` },
    { Statement: `INSERT INTO "${FUZZ}" VALUE {'id': 'c', 'list': [1, << 'a' >>, { 'b': null }]}`, NextToken: 'AAAA' },
  ],
  BatchExecuteStatement: [
    { Statements: [{ Statement: `SELECT * FROM "${FUZZ}" WHERE id = ?`, Parameters: [{ S: 'a' }] }] },
  ],
  ExecuteTransaction: [
    { TransactStatements: [{ Statement: `DELETE FROM "${FUZZ}" WHERE id = 'a'` }], ClientRequestToken: 'other' },
  ],
  CreateTable: [
    {
      ...{ TableName: 'made', AttributeDefinitions: attributes, KeySchema: [{ AttributeName: 'id', KeyType: 'HASH' }] },
      ...{ BillingMode: 'PAY_PER_REQUEST', GlobalSecondaryIndexes: [index], Tags: [{ Key: 'a', Value: 'b' }] },
      StreamSpecification: { StreamEnabled: true, StreamViewType: 'NEW_IMAGE' },
    },
    {
      ...{
        TableName: 'made-too',
        AttributeDefinitions: attributes,
        KeySchema: [
          { AttributeName: 'id', KeyType: 'HASH' },
          { AttributeName: 'kind', KeyType: 'RANGE' },
        ],
      },
      ...{
        ProvisionedThroughput: { ReadCapacityUnits: 1, WriteCapacityUnits: 1 },
        ResourcePolicy: JSON.stringify(policy),
      },
    },
  ],
  UpdateTable: [
    { TableName: 'made', GlobalSecondaryIndexUpdates: [{ Delete: { IndexName: 'kinds' } }] },
    { TableName: 'made', AttributeDefinitions: attributes, GlobalSecondaryIndexUpdates: [{ Create: index }] },
    { TableName: 'made', BillingMode: 'PAY_PER_REQUEST', OnDemandThroughput: { MaxReadRequestUnits: 9 } },
    { TableName: 'made', StreamSpecification: { StreamEnabled: false } },
  ],
  DeleteTable: [{ TableName: 'made' }, { TableName: 'made-too' }],
  ListTables: [{ ExclusiveStartTableName: 'fuz', Limit: 2 }],
  UpdateTimeToLive: [{ TableName: 'made', TimeToLiveSpecification: { AttributeName: 'until', Enabled: true } }],
  TagResource: [{ ResourceArn: arnOf(FUZZ), Tags: [{ Key: 'k', Value: 'v' }] }],
  UntagResource: [{ ResourceArn: arnOf(FUZZ), TagKeys: ['k'] }],
  PutResourcePolicy: [{ ResourceArn: arnOf('made'), Policy: JSON.stringify(policy), ExpectedRevisionId: 'NO_POLICY' }],
};

export const ANY: readonly object[] = [
  { TableName: FUZZ, ResourceArn: arnOf(FUZZ), Limit: 5 },
  {
    TableName: FUZZ,
    BackupName: 'backup',
    TargetTableName: 'restored',
    SourceTableName: FUZZ,
    UseLatestRestorableTime: true,
  },
  { BackupArn: `${arnOf(FUZZ)}/backup/01234567890123-abcdef12`, TargetTableName: 'restored' },
  { TableName: FUZZ, PointInTimeRecoverySpecification: { PointInTimeRecoveryEnabled: true, RecoveryPeriodInDays: 7 } },
  {
    StreamArn: `${arnOf('made')}/stream/2026-01-01T00:00:00.000`,
    ShardId: 'shardId-00000001234567890123-abcdef01',
    ShardIteratorType: 'AFTER_SEQUENCE_NUMBER',
    SequenceNumber: '1',
  },
  { ShardIterator: 'AAAAAAAAAAE=', Limit: 10 },
];
