/** Tables as DynamoDB shows them. */
import type {
  GlobalSecondaryIndexDescription,
  KeySchemaElement,
  LocalSecondaryIndexDescription,
  ProvisionedThroughputDescription,
  RestoreSummary,
  Projection as SdkProjection,
  TableDescription,
} from '@aws-sdk/client-dynamodb';
import type { Call } from '@stormglass/service-kit';
import {
  decreasesToday,
  type GlobalIndexRecord,
  type IndexRecord,
  type OnDemandLimits,
  type Projection,
  type Restore,
  type TableRecord,
  type ThroughputRecord,
} from '@stormglass/table-catalogue';
import type { Counts, DynamoDbDeps } from './deps.ts';
import { backupArn, indexArn, tableArn } from './names.ts';

type Showing = Pick<Call, 'now' | 'partition' | 'region'>;

const NOTHING: Counts = { items: 0, bytes: 0 };
/** What an on-demand table takes at once (Developer Guide, "DynamoDB on-demand capacity mode"). */
const ON_DEMAND_WARM = { read: 12_000, write: 4000 };

export function shownTable(table: TableRecord, call: Showing, { counts }: DynamoDbDeps): TableDescription {
  const { stream, streamLabel, onDemand, tableClass, tableClassAt, locals, globals } = table;
  const counted = counts(table);
  const arn = tableArn(call, table);
  const ofIndex = ({ id }: IndexRecord) => counted.indexes.get(id) ?? NOTHING;
  return {
    AttributeDefinitions: table.attributes.map(({ name, type }) => ({ AttributeName: name, AttributeType: type })),
    TableName: table.name,
    KeySchema: shownKeys(table),
    TableStatus: table.status,
    CreationDateTime: new Date(table.createdAt),
    ProvisionedThroughput: shownThroughput(table.throughput, call.now),
    TableSizeBytes: counted.bytes,
    ItemCount: counted.items,
    TableArn: arn,
    TableId: table.id,
    ...shownBilling(table),
    ...(locals.length > 0 && {
      LocalSecondaryIndexes: locals.map(index => shownLocal(index, table, ofIndex(index), call)),
    }),
    ...(globals.length > 0 && {
      GlobalSecondaryIndexes: globals.map(index => shownGlobal(index, table, ofIndex(index), call)),
    }),
    ...(stream && { StreamSpecification: { StreamEnabled: true, StreamViewType: stream.view } }),
    ...(streamLabel && { LatestStreamLabel: streamLabel, LatestStreamArn: `${arn}/stream/${streamLabel}` }),
    ...((tableClass !== 'STANDARD' || tableClassAt !== undefined) && {
      TableClassSummary: {
        TableClass: tableClass,
        ...(tableClassAt !== undefined && { LastUpdateDateTime: new Date(tableClassAt) }),
      },
    }),
    DeletionProtectionEnabled: table.deletionProtection,
    ...(onDemand && { OnDemandThroughput: shownLimits(onDemand) }),
    WarmThroughput: shownWarm(table.throughput),
    ...(table.restore && { RestoreSummary: shownRestore(table, table.restore, call) }),
  };
}

export const shownKeys = ({ schema: { hash, range } }: Pick<TableRecord, 'schema'>): KeySchemaElement[] => [
  { AttributeName: hash.name, KeyType: 'HASH' },
  ...(range === undefined ? [] : [{ AttributeName: range.name, KeyType: 'RANGE' } as const]),
];

function shownRestore(
  { accountId }: TableRecord,
  { backup, tableName: name, at, sources }: Restore,
  call: Showing,
): RestoreSummary {
  return {
    ...(backup !== undefined && { SourceBackupArn: backupArn(call, { accountId, name }, backup) }),
    SourceTableArn: tableArn(call, { accountId, name }),
    RestoreDateTime: new Date(at),
    RestoreInProgress: sources !== undefined,
  };
}

/** Said of tables that are on-demand, or have been. */
const shownBilling = ({ billing, onDemandSince }: TableRecord): Pick<TableDescription, 'BillingModeSummary'> =>
  onDemandSince === undefined
    ? {}
    : { BillingModeSummary: { BillingMode: billing, LastUpdateToPayPerRequestDateTime: new Date(onDemandSince) } };

function shownThroughput(throughput: ThroughputRecord, now: number): ProvisionedThroughputDescription {
  const { read, write, increasedAt, decreasedAt } = throughput;
  return {
    ...(increasedAt !== undefined && { LastIncreaseDateTime: new Date(increasedAt) }),
    ...(decreasedAt !== undefined && { LastDecreaseDateTime: new Date(decreasedAt) }),
    NumberOfDecreasesToday: decreasesToday(throughput, now),
    ReadCapacityUnits: read,
    WriteCapacityUnits: write,
  };
}

function shownWarm(throughput: ThroughputRecord) {
  const { read, write } = throughput.read === 0 ? ON_DEMAND_WARM : throughput;
  return { ReadUnitsPerSecond: read, WriteUnitsPerSecond: write, Status: 'ACTIVE' } as const;
}

const shownLimits = ({ read, write }: OnDemandLimits) => ({
  ...(read !== undefined && { MaxReadRequestUnits: read }),
  ...(write !== undefined && { MaxWriteRequestUnits: write }),
});

export function shownProjection(projection: Projection): SdkProjection {
  if (typeof projection === 'string') return { ProjectionType: projection };
  return { ProjectionType: 'INCLUDE', NonKeyAttributes: [...projection] };
}

function shownLocal(
  index: IndexRecord,
  table: TableRecord,
  { items, bytes }: Counts,
  call: Showing,
): LocalSecondaryIndexDescription {
  return {
    IndexName: index.name,
    KeySchema: shownKeys(index),
    Projection: shownProjection(index.projection),
    IndexSizeBytes: bytes,
    ItemCount: items,
    IndexArn: indexArn(call, table, index.name),
  };
}

function shownGlobal(
  index: GlobalIndexRecord,
  table: TableRecord,
  counts: Counts,
  call: Showing,
): GlobalSecondaryIndexDescription {
  const { status, isBackfilling, throughput, onDemand } = index;
  return {
    ...shownLocal(index, table, counts, call),
    IndexStatus: status,
    // Only said of an index that is added to a table.
    ...(status === 'CREATING' && table.status !== 'CREATING' && { Backfilling: isBackfilling }),
    ProvisionedThroughput: shownThroughput(throughput, call.now),
    ...(onDemand && { OnDemandThroughput: shownLimits(onDemand) }),
    WarmThroughput: shownWarm(throughput),
  };
}
