/** Backups and recoveries as DynamoDB shows them, and how they are found. */
import type {
  BackupDescription,
  BackupDetails,
  BackupSummary,
  ContinuousBackupsDescription,
  SourceTableDetails,
  SourceTableFeatureDetails,
} from '@aws-sdk/client-dynamodb';
import type { Call } from '@stormglass/service-kit';
import { type BackupRecord, type IndexRecord, recoverableSince, type TableRecord } from '@stormglass/table-catalogue';
import type { ItemDeps } from './data/cells.ts';
import type { DynamoDbDeps } from './deps.ts';
import { dynamoDbError } from './errors.ts';
import { backupArn, requestedBackup, tableArn } from './names.ts';
import { shownKeys, shownProjection } from './shapes.ts';

type Showing = Pick<Call, 'partition' | 'region'>;

/** @throws AwsError when the caller has no such backup */
export function findBackup({ catalogue }: DynamoDbDeps, call: Call, given: string): BackupRecord {
  const { accountId, name, stamp } = requestedBackup(given, call);
  const found = accountId === call.accountId ? catalogue.view.backup(accountId, name, stamp) : undefined;
  if (found === undefined) throw dynamoDbError('BackupNotFoundException', `Backup not found: ${given}`);
  return found;
}

export function shownBackup(backup: BackupRecord, call: Showing): BackupDetails {
  const { table, stamp, name, type, status, createdAt, expiresAt, bytes } = backup;
  return {
    BackupArn: backupArn(call, table, stamp),
    BackupName: name,
    BackupSizeBytes: bytes,
    BackupStatus: status,
    BackupType: type,
    BackupCreationDateTime: new Date(createdAt),
    ...(expiresAt !== undefined && { BackupExpiryDateTime: new Date(expiresAt) }),
  };
}

export function shownSummary(backup: BackupRecord, call: Showing): BackupSummary {
  const { table } = backup;
  return {
    ...{ TableName: table.name, TableId: table.id, TableArn: tableArn(call, table) },
    ...shownBackup(backup, call),
  };
}

export const describedBackup = (backup: BackupRecord, call: Showing): BackupDescription => ({
  BackupDetails: shownBackup(backup, call),
  SourceTableDetails: shownSource(backup, call),
  SourceTableFeatureDetails: shownFeatures(backup.table),
});

function shownSource({ table, items, bytes }: BackupRecord, call: Showing): SourceTableDetails {
  return {
    TableName: table.name,
    TableId: table.id,
    TableArn: tableArn(call, table),
    TableSizeBytes: bytes,
    KeySchema: shownKeys(table),
    TableCreationDateTime: new Date(table.createdAt),
    ProvisionedThroughput: shownUnits(table),
    ItemCount: items,
    BillingMode: table.billing,
  };
}

function shownFeatures({ locals, globals, stream, timeToLive }: TableRecord): SourceTableFeatureDetails {
  const ofIndex = (index: IndexRecord) => ({
    IndexName: index.name,
    KeySchema: shownKeys(index),
    Projection: shownProjection(index.projection),
  });
  return {
    ...(locals.length > 0 && { LocalSecondaryIndexes: locals.map(ofIndex) }),
    ...(globals.length > 0 && {
      GlobalSecondaryIndexes: globals.map(index => ({ ...ofIndex(index), ProvisionedThroughput: shownUnits(index) })),
    }),
    ...(stream && { StreamDescription: { StreamEnabled: true, StreamViewType: stream.view } }),
    ...(timeToLive && {
      TimeToLiveDescription: { TimeToLiveStatus: timeToLive.status, AttributeName: timeToLive.attribute },
    }),
  };
}

const shownUnits = ({ throughput: { read, write } }: Pick<TableRecord, 'throughput'>) => ({
  ReadCapacityUnits: read,
  WriteCapacityUnits: write,
});

/** The first moment that a table can be restored to, by its period and by what this zone's copies of the cells have. */
export function restorableSince({ recovery, partitions }: TableRecord, deps: ItemDeps, now: number): number {
  if (recovery === undefined) return now;
  const kept = partitions.map(({ id, cell }) => deps.cellReplicas.get(cell)?.view.past.restorableSince(id) ?? 0);
  return Math.max(recoverableSince(recovery, now), ...kept);
}

export function shownRecovery(table: TableRecord, deps: ItemDeps, now: number): ContinuousBackupsDescription {
  const { recovery } = table;
  return {
    ContinuousBackupsStatus: 'ENABLED',
    PointInTimeRecoveryDescription:
      recovery === undefined
        ? { PointInTimeRecoveryStatus: 'DISABLED' }
        : {
            PointInTimeRecoveryStatus: 'ENABLED',
            RecoveryPeriodInDays: recovery.days,
            // Whole, as clients that send whole seconds cut off the rest.
            EarliestRestorableDateTime: new Date(Math.ceil(restorableSince(table, deps, now) / 1000) * 1000),
            LatestRestorableDateTime: new Date(now),
          },
  };
}
