/** Rows as JSON records and back, for the snapshots of states in memory: `[table, [[column, value], ...]]`. */
import type { DatabaseSync, SQLOutputValue } from 'node:sqlite';
import type { SqliteTables } from './sqlite-open.ts';

export const recordsOf = (database: DatabaseSync, { names }: SqliteTables): unknown[] =>
  names.flatMap(name => {
    const rows = database.prepare(`SELECT * FROM "${name}"`).all();
    return rows.map(row => [name, Object.entries(row).map(([column, value]) => [column, toJson(value)])]);
  });

export function insertRecords(database: DatabaseSync, { names }: SqliteTables, records: Iterable<unknown>): void {
  for (const name of [...names].reverse()) database.exec(`DELETE FROM "${name}"`);
  for (const record of records) {
    const [name, cells] = record as [string, [string, unknown][]];
    const columns = cells.map(([column]) => `"${column}"`).join();
    const insert = database.prepare(`INSERT INTO "${name}" (${columns}) VALUES (${cells.map(() => '?').join()})`);
    insert.run(...cells.map(([, value]) => fromJson(value)));
  }
}

/** JSON has no bytes: they stand as `[base64]`. */
const toJson = (value: SQLOutputValue): unknown =>
  value instanceof Uint8Array ? [Buffer.from(value).toString('base64')] : value;

const fromJson = (value: unknown): string | number | null | Uint8Array =>
  Array.isArray(value) ? Buffer.from(String(value[0]), 'base64') : (value as string | number | null);
