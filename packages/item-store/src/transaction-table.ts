/** Transactions over several cells: what is prepared, and thereby locked, what was decided, and requests that were done. */
import type { SqliteState } from '@stormglass/replicated-state';
import { ABORTED_MS, REQUEST_MS, type RequestToken } from './commands.ts';

export interface PreparedWrite {
  readonly transaction: string;
  readonly number: number;
  readonly partition: number;
  readonly key: Uint8Array;
  readonly op: 'put' | 'delete' | 'check';
  /** The item as it will be, as JSON text. */
  readonly item: string | null;
}

export interface PreparedTransaction {
  readonly transaction: string;
  readonly decider: number;
  /** Log time in ms. */
  readonly at: number;
}

export interface DecidedTransaction {
  readonly transaction: string;
  readonly commit: boolean;
  /** Log time in ms. */
  readonly at: number;
  readonly cells: readonly number[];
}

export class TransactionTable {
  readonly #stored: SqliteState;

  constructor(stored: SqliteState) {
    this.#stored = stored;
  }

  /** The transaction that has locked an item. */
  lock(partition: number, key: Uint8Array): string | undefined {
    // Mostly there is none at all, which is told at a fifth of the cost.
    if (this.#stored.statement('SELECT 1 FROM prepared LIMIT 1').get() === undefined) return undefined;
    const sql = 'SELECT txn FROM prepared WHERE partition = ? AND key = ?';
    return this.#stored.statement(sql).get(partition, key)?.txn as string | undefined;
  }

  /** Whether anything from this key on is locked. */
  hasLocksFrom(partition: number, key: Uint8Array): boolean {
    const sql = 'SELECT 1 FROM prepared WHERE partition = ? AND key >= ? LIMIT 1';
    return this.#stored.statement(sql).get(partition, key) !== undefined;
  }

  prepare({ transaction, number, partition, key, op, item }: PreparedWrite, decider: number, at: number): void {
    this.#stored
      .statement('INSERT INTO prepared VALUES (?, ?, ?, ?, ?, ?, ?, ?)')
      .run(transaction, number, decider, at, partition, key, op, item);
  }

  nextNumber(transaction: string): number {
    const sql = 'SELECT max(number) AS last FROM prepared WHERE txn = ?';
    return Number(this.#stored.statement(sql).get(transaction)?.last ?? -1) + 1;
  }

  prepared(transaction: string): PreparedWrite[] {
    const sql =
      'SELECT txn AS "transaction", number, partition, key, op, item FROM prepared WHERE txn = ? ORDER BY number';
    return this.#stored.statement(sql).all(transaction) as unknown as PreparedWrite[];
  }

  unprepare(transaction: string): void {
    this.#stored.statement('DELETE FROM prepared WHERE txn = ?').run(transaction);
  }

  /** The oldest ones that were prepared up to a time. */
  preparedUntil(at: number, limit: number): PreparedTransaction[] {
    const sql = `SELECT txn AS "transaction", min(decider) AS decider, min(at) AS at FROM prepared WHERE at <= ?
      GROUP BY txn ORDER BY min(at), txn LIMIT ?`;
    return this.#stored.statement(sql).all(at, limit) as unknown as PreparedTransaction[];
  }

  decision(transaction: string): DecidedTransaction | undefined {
    const row = this.#stored.statement('SELECT * FROM decisions WHERE txn = ?').get(transaction);
    return row === undefined ? undefined : decided(row);
  }

  decide({ transaction, commit, at, cells }: DecidedTransaction): void {
    this.#stored
      .statement('INSERT INTO decisions VALUES (?, ?, ?, ?)')
      .run(transaction, commit ? 1 : 0, at, JSON.stringify(cells));
  }

  forget(transaction: string): void {
    this.#stored.statement('DELETE FROM decisions WHERE txn = ?').run(transaction);
  }

  /** The oldest commits up to a time that nobody has forgotten: somewhere a part may not be finished. */
  committedUntil(at: number, limit: number): DecidedTransaction[] {
    const sql = 'SELECT * FROM decisions WHERE is_commit = 1 AND at <= ? ORDER BY at, txn LIMIT ?';
    return this.#stored.statement(sql).all(at, limit).map(decided);
  }

  /** The digest of a request that was done, if it is not too long ago. */
  request(token: string, now: number): string | undefined {
    const sql = 'SELECT digest FROM requests WHERE token = ? AND at > ?';
    return this.#stored.statement(sql).get(token, now - REQUEST_MS)?.digest as string | undefined;
  }

  putRequest({ token, digest }: RequestToken, now: number): void {
    this.#stored.statement('INSERT OR REPLACE INTO requests VALUES (?, ?, ?)').run(token, digest, now);
  }

  /** Whether `prune` would let go of any. */
  hasOld(now: number): boolean {
    const sql = `SELECT EXISTS (SELECT 1 FROM requests WHERE at <= ?) OR EXISTS (
      SELECT 1 FROM decisions WHERE is_commit = 0 AND at <= ?) AS has`;
    return this.#stored.statement(sql).get(now - REQUEST_MS, now - ABORTED_MS)?.has === 1;
  }

  /** Lets go of requests and aborts that are old; returns how many. */
  prune(now: number, limit: number): number {
    // Mostly there are none, which is told at a fraction of the cost.
    if (!this.hasOld(now)) return 0;
    const requests = this.#stored
      .statement('DELETE FROM requests WHERE token IN (SELECT token FROM requests WHERE at <= ? ORDER BY at LIMIT ?)')
      .run(now - REQUEST_MS, limit);
    const aborts = this.#stored
      .statement(
        `DELETE FROM decisions WHERE txn IN (
           SELECT txn FROM decisions WHERE is_commit = 0 AND at <= ? ORDER BY at LIMIT ?)`,
      )
      .run(now - ABORTED_MS, limit);
    return Number(requests.changes) + Number(aborts.changes);
  }
}

const decided = (row: Record<string, unknown>): DecidedTransaction => ({
  transaction: String(row.txn),
  commit: row.is_commit === 1,
  at: Number(row.at),
  cells: JSON.parse(String(row.cells)) as number[],
});
