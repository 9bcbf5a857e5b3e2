/** Partitions as the catalogue of tables wants them. It may say so more than once. */
import type { AppliersOf } from './applier.ts';
import { TABLE } from './index-table.ts';
import type { PartitionDefinition, PartitionSettings } from './partition.ts';
import type { StoredPartition } from './partition-table.ts';
import { accepted, refuse } from './result.ts';
import { partitionAt, type StoreTables } from './tables.ts';

type PartitionType = 'CreatePartition' | 'SetPartition' | 'DropPartition';

export const applyPartitions: AppliersOf<PartitionType> = {
  CreatePartition(tables, { definition, isReceiving = false }, { now }) {
    if (tables.partitions.get(definition.id) !== undefined) return accepted(null);
    tables.partitions.put({ ...definition, isReceiving });
    tables.indexes.create(definition.id, TABLE, true);
    for (const id of indexIds(definition)) tables.indexes.create(definition.id, id, true);
    // What is received was what it is before, in another partition.
    tables.history.set(definition.id, definition.recoveryMs, isReceiving ? 0 : now);
    if (!isReceiving) tables.streams.open(definition, now);
    return accepted(null);
  },

  SetPartition(tables, { partition, settings }, { now }) {
    const at = partitionAt(tables, partition);
    // Planned by a zone that was held up since, while others went on.
    if ((settings.generation ?? 0) < (at.generation ?? 0)) return accepted(null);
    const [before, after] = [indexIds(at), indexIds(settings)];
    const added = after.filter(id => !before.includes(id));
    if (settings.indexes.some(({ id, isLocal }) => isLocal && added.includes(id)))
      refuse('NotPossible', 'Local secondary indexes are made with their table.');
    const dropped = before.filter(id => !after.includes(id));
    const isEmpty = tables.indexes.counts(partition).items === 0;
    for (const id of added) tables.indexes.create(partition, id, isEmpty);
    for (const id of dropped) {
      tables.indexes.forget(partition, id);
      tables.partitions.addGarbage({ partition, index: id });
    }
    tables.history.set(partition, settings.recoveryMs, now);
    const { id, table, schema, from, to, isReceiving, movingFrom, frozenFrom, restoredUpTo } = at;
    const place = {
      ...{ id, table, schema, from, to, isReceiving },
      ...(movingFrom === undefined ? {} : { movingFrom }),
      ...(frozenFrom === undefined ? {} : { frozenFrom }),
      ...(restoredUpTo === undefined ? {} : { restoredUpTo }),
    };
    tables.partitions.put({ ...place, ...settings });
    setStream(tables, at, { ...place, ...settings }, now);
    return accepted(null);
  },

  DropPartition(tables, { partition }, { now }) {
    if (tables.partitions.get(partition) === undefined) return accepted(null);
    tables.partitions.delete(partition);
    tables.moves.clear(partition);
    tables.heat.forget(partition);
    tables.partitions.addGarbage({ partition });
    tables.history.set(partition, undefined, now);
    tables.streams.close(partition, now);
    return accepted(null);
  },
};

/** The numbers under which a partition has entries. */
const indexIds = ({ indexes, timeToLive }: PartitionSettings): number[] => [
  ...indexes.map(({ id }) => id),
  ...(timeToLive === undefined ? [] : [timeToLive.id]),
];

function setStream(tables: StoreTables, before: StoredPartition, after: PartitionDefinition, now: number): void {
  if (before.isReceiving || before.stream?.id === after.stream?.id) return;
  tables.streams.close(before.id, now);
  tables.streams.open(after, now);
}
