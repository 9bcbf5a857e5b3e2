/** Streams of tables: begun and ended. */
import type { StreamRecord, StreamView, TableRecord } from './records.ts';
import type { CatalogueTables } from './tables.ts';

/** Begins a stream of the table, and stores it. The table with it is the caller's to store. */
export function withStream(tables: CatalogueTables, table: TableRecord, view: StreamView, now: number): TableRecord {
  tables.pruneStreams(now);
  const stream: StreamRecord = {
    ...{ accountId: table.accountId, tableName: table.name, tableId: table.id, schema: table.schema },
    ...{ id: tables.nextStream(), view, enabledAt: now, label: freeLabel(tables, table, now) },
  };
  tables.putStream(stream);
  return { ...table, stream: { id: stream.id, view }, streamLabel: stream.label };
}

/** Ends the table's stream, if it has one; its records stay readable. */
export function withoutStream(tables: CatalogueTables, table: TableRecord, now: number): TableRecord {
  const { stream, ...rest } = table;
  if (stream === undefined) return table;
  tables.putStream({ ...tables.stream(stream.id)!, endedAt: now, partitions: table.partitions });
  tables.pruneStreams(now);
  return rest;
}

/** The time, moved on until no stream of a table of that name has it for its label. */
function freeLabel(tables: CatalogueTables, { accountId, name }: TableRecord, now: number): string {
  const taken = new Set<string>();
  for (const each of tables.streams())
    if (each.accountId === accountId && each.tableName === name) taken.add(each.label);
  let time = now;
  while (taken.has(labelOf(time))) time++;
  return labelOf(time);
}

const labelOf = (time: number): string => new Date(time).toISOString().slice(0, -1);
