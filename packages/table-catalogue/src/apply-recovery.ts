/** Recovery of tables to a moment, and the tables that are made of backups and moments. */
import { createTable } from './apply-create.ts';
import { BACKUP_IN_USE, checkNotUsed } from './backup-rules.ts';
import type { CreateTable, IndexInput, KeyElement, RestoreTable, UpdateRecovery } from './commands.ts';
import { RECOVERY_DAYS_MAX, RESTORES_MAX } from './quotas.ts';
import type {
  BillingMode,
  GlobalIndexRecord,
  IndexRecord,
  PartitionPlace,
  Restore,
  RestoreSource,
  TableRecord,
} from './records.ts';
import { placesAt, recoverableSince } from './recovery-rules.ts';
import { accepted, invalid, refuse, type TableResult } from './result.ts';
import type { CatalogueTables } from './tables.ts';

export const applyRecovery = { UpdateRecovery: updateRecovery, RestoreTable: restoreTable };

function updateRecovery(tables: CatalogueTables, command: UpdateRecovery, now: number): TableResult<'UpdateRecovery'> {
  const { accountId, name, isEnabled, days } = command;
  const table = tables.table(accountId, name);
  if (table === undefined || table.status === 'DELETING')
    return refuse('TableNotFoundException', `Table not found: ${name}`);
  if (table.status === 'CREATING')
    refuse(
      'ContinuousBackupsUnavailableException',
      `Backups are being enabled for the table: ${name}. Please retry later`,
    );
  if (!isEnabled && days !== undefined)
    invalid('RecoveryPeriodInDays cannot be specified when point in time recovery is disabled');
  const { recovery, ...rest } = table;
  if (!isEnabled) {
    if (recovery === undefined) return accepted(table);
    checkNotUsed(tables, table);
    return stored(tables, { ...rest, generation: table.generation + 1 });
  }
  const wanted = days ?? recovery?.days ?? RECOVERY_DAYS_MAX;
  if (recovery?.days === wanted) return accepted(table);
  const becomes = recovery === undefined ? { days: wanted, since: now, maps: [] } : { ...recovery, days: wanted };
  return stored(tables, { ...rest, recovery: becomes, generation: table.generation + 1 });
}

function stored(tables: CatalogueTables, table: TableRecord): TableResult<'UpdateRecovery'> {
  tables.putTable(table);
  return accepted(table);
}

interface Origin {
  /** What the new table is to be like. */
  readonly table: TableRecord;
  readonly places: readonly PartitionPlace[];
  readonly restore: Restore;
  readonly source: (place: PartitionPlace) => RestoreSource;
}

function restoreTable(tables: CatalogueTables, command: RestoreTable, now: number): TableResult<'RestoreTable'> {
  const { accountId, name } = command;
  const { table, places, restore, source } = originOf(tables, command, now);
  if (tables.table(accountId, name) !== undefined)
    refuse('TableAlreadyExistsException', `Table already exists: ${name}`);
  checkRestores(tables, accountId);
  const made = createTable(
    tables,
    tableLike(table, command),
    now,
    places.map(({ cell, from, to }) => ({ cell, from, to })),
  );
  const becomes = { ...made, restore: { ...restore, sources: places.map(source) } };
  tables.putTable(becomes);
  return accepted(becomes);
}

function originOf(tables: CatalogueTables, { accountId, source }: RestoreTable, now: number): Origin {
  if ('backup' in source) {
    const backup = tables.backup(source.backup);
    if (backup?.accountId !== accountId) return refuse('BackupNotFoundException', 'Backup not found');
    const { table, partitions, status, stamp, createdAt } = backup;
    if (status === 'CREATING' || partitions === undefined) return refuse('BackupInUseException', BACKUP_IN_USE);
    return {
      ...{ table, places: partitions },
      restore: { backup: stamp, tableName: table.name, tableId: table.id, at: createdAt },
      source: ({ id }) => ({ backup: backup.id, partition: id }),
    };
  }
  const table = tables.table(accountId, source.tableName);
  if (table === undefined || table.status === 'DELETING')
    return refuse('TableNotFoundException', `Table not found: ${source.tableName}`);
  if (table.recovery === undefined)
    return refuse(
      'PointInTimeRecoveryUnavailableException',
      `Point in time recovery is not enabled for table '${table.name}'`,
    );
  const at = source.at ?? now;
  if (at > now || at < recoverableSince(table.recovery, now))
    refuse(
      'InvalidRestoreTimeException',
      'An invalid restore time was specified. RestoreDateTime must be between EarliestRestorableDateTime and LatestRestorableDateTime.',
    );
  return {
    ...{ table, places: placesAt(table, at) },
    restore: { tableName: table.name, tableId: table.id, at },
    source: ({ id }) => ({ partition: id, at }),
  };
}

function checkRestores(tables: CatalogueTables, accountId: string): void {
  let count = 0;
  for (const { restore } of tables.ofAccount(accountId)) if (restore?.sources !== undefined) count++;
  if (count >= RESTORES_MAX)
    refuse('LimitExceededException', `Subscriber limit exceeded: There is a limit of ${RESTORES_MAX} restores at once`);
}

/** A new table with the keys and indexes of another one. Tags, streams, policies and the like are not restored. */
function tableLike(source: TableRecord, command: RestoreTable): CreateTable {
  const { accountId, name, tableId, policyRevision, onDemand, throughput } = command;
  const billing = command.billing ?? source.billing;
  const locals = chosen(source.locals, command.locals, asInput, 'Local');
  const globals = chosen(
    source.globals.filter(isThere),
    command.globals,
    index => asPaidInput(index, billing),
    'Global',
  );
  const schemas = [keysOf(source), ...[...locals, ...globals].map(({ keys }) => keys)];
  const used = new Set(schemas.flat().map(key => key.name));
  const units =
    throughput ?? (billing === 'PROVISIONED' && source.billing === 'PROVISIONED' ? unitsOf(source) : undefined);
  const limits = onDemand ?? (billing === 'PAY_PER_REQUEST' ? source.onDemand : undefined);
  return {
    ...{ type: 'CreateTable', accountId, name, tableId, policyRevision, billing, tags: [], cells: [] },
    attributes: source.attributes.filter(attribute => used.has(attribute.name)),
    keys: keysOf(source),
    ...(locals.length > 0 && { locals }),
    ...(globals.length > 0 && { globals }),
    ...(units && { throughput: units }),
    ...(limits && { onDemand: limits }),
    ...{ tableClass: source.tableClass, deletionProtection: false },
  };
}

/** The indexes that are wanted of those that there were; all if nothing is said. @throws Refused for others */
function chosen<Index extends IndexRecord>(
  had: readonly Index[],
  wanted: readonly IndexInput[] | undefined,
  asInput: (index: Index) => IndexInput,
  kind: 'Global' | 'Local',
): readonly IndexInput[] {
  if (wanted === undefined) return had.map(asInput);
  return wanted.map(index => {
    const found = had.find(({ name }) => name === index.name);
    const isSame = found !== undefined && sameIndex(asInput(found), index);
    return isSame ? index : invalid(`${kind} secondary index ${index.name} does not match one of the source table`);
  });
}

const sameIndex = (a: IndexInput, b: IndexInput): boolean =>
  JSON.stringify([a.keys, a.projection.type, [...(a.projection.attributes ?? [])].sort()]) ===
  JSON.stringify([b.keys, b.projection.type, [...(b.projection.attributes ?? [])].sort()]);

const isThere = ({ status }: GlobalIndexRecord): boolean => status !== 'DELETING';

const keysOf = ({ schema: { hash, range } }: Pick<TableRecord, 'schema'>): KeyElement[] => [
  { name: hash.name, role: 'HASH' },
  ...(range === undefined ? [] : [{ name: range.name, role: 'RANGE' }]),
];

const unitsOf = ({ throughput: { read, write } }: Pick<TableRecord, 'throughput'>) => ({ read, write });

function asInput(index: IndexRecord): IndexInput {
  const { name, projection } = index;
  const isList = typeof projection !== 'string';
  return {
    ...{ name, keys: keysOf(index) },
    projection: isList ? { type: 'INCLUDE', attributes: projection } : { type: projection },
  };
}

/** With its throughput, where that still counts. */
function asPaidInput(index: GlobalIndexRecord, billing: BillingMode): IndexInput {
  const isPaid = billing === 'PROVISIONED' && index.throughput.read > 0;
  return { ...asInput(index), ...(isPaid && { throughput: unitsOf(index) }) };
}
