/**
 * A machine over tables for tests: numbered counters, each with a text and some bytes, and a sum over all of them that
 * every command changes as well, so that half a command shows.
 */
import type { Logger } from '@stormglass/base';
import { SqliteState } from '../sqlite/sqlite-state.ts';
import type { ApplyContext, StateMachine } from '../state-machine.ts';

export interface AddToCounter {
  readonly counter: string;
  readonly by: number;
  readonly payload?: string;
}

export interface CountingView {
  readonly sum: number;
  /** Commands applied. */
  readonly applied: number;
  /** By name. */
  counters(): Record<string, number>;
}

const SCHEMA = `
  CREATE TABLE counters (name TEXT PRIMARY KEY, value INTEGER NOT NULL, seq INTEGER NOT NULL, payload BLOB) WITHOUT ROWID;
  CREATE INDEX counters_by_seq ON counters (seq);
  CREATE TABLE totals (sum INTEGER NOT NULL, applied INTEGER NOT NULL);
  INSERT INTO totals VALUES (0, 0);
`;

export interface CountingOptions {
  readonly path: string;
  readonly logger: Logger;
  readonly format?: number;
  readonly beforeWrite?: () => void;
  readonly walBytes?: number;
}

export class CountingMachine implements StateMachine<AddToCounter, number, CountingView> {
  readonly name = 'counting';
  readonly format: number;
  readonly stored: SqliteState;
  readonly view: CountingView;
  /** Fails at the command that adds this. */
  poison: number | undefined;

  constructor({ path, logger, format = 1, beforeWrite, walBytes }: CountingOptions) {
    this.format = format;
    const tables = { schema: SCHEMA, names: ['counters', 'totals'] };
    this.stored = new SqliteState({ ...{ path, format, tables, logger, beforeWrite, walBytes }, machine: this.name });
    this.view = new StoredView(this.stored);
  }

  /** Returns the counter's new value. */
  apply({ seq }: ApplyContext, { counter, by, payload = '' }: AddToCounter): number {
    this.stored.statement('UPDATE totals SET sum = sum + ?, applied = applied + 1').run(by);
    if (by === this.poison) throw new Error('poisoned');
    const sql =
      'INSERT INTO counters VALUES (?, ?, ?, ?) ON CONFLICT DO UPDATE SET value = value + excluded.value, ' +
      'seq = excluded.seq, payload = excluded.payload RETURNING value';
    return Number(this.stored.statement(sql).get(counter, by, seq, Buffer.from(payload))?.value);
  }

  snapshot(): Iterable<unknown> {
    return this.stored.snapshot();
  }

  install(records: Iterable<unknown>): void {
    this.stored.install(records);
  }
}

class StoredView implements CountingView {
  readonly #stored: SqliteState;
  constructor(stored: SqliteState) {
    this.#stored = stored;
  }
  get sum(): number {
    return Number(this.#stored.statement('SELECT sum FROM totals').get()?.sum);
  }
  get applied(): number {
    return Number(this.#stored.statement('SELECT applied FROM totals').get()?.applied);
  }
  counters(): Record<string, number> {
    const rows = this.#stored.statement('SELECT name, value FROM counters ORDER BY name').all();
    return Object.fromEntries(rows.map(row => [String(row.name), Number(row.value)]));
  }
}
