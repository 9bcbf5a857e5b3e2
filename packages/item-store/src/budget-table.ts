/**
 * Write units that partitions and their indexes may still use: each has a bucket that fills at its rate by log time and
 * holds what comes in five minutes (Developer Guide, "Burst capacity"). A write may overdraw it, because an item may cost
 * more than a bucket holds; then the next one waits until it is made up for.
 */
import type { SqliteState } from '@stormglass/replicated-state';

const BURST_SECONDS = 300;

export class BudgetTable {
  readonly #stored: SqliteState;

  constructor(stored: SqliteState) {
    this.#stored = stored;
  }

  /** Units at a time in ms; a bucket that nobody took from is full. */
  left(partition: number, index: number, perSecond: number, now: number): number {
    const sql = 'SELECT units, at FROM budgets WHERE partition = ? AND idx = ?';
    const row = this.#stored.statement(sql).get(partition, index);
    const full = perSecond * BURST_SECONDS;
    if (row === undefined) return full;
    return Math.min(full, Number(row.units) + ((now - Number(row.at)) / 1000) * perSecond);
  }

  take(partition: number, index: number, perSecond: number, now: number, units: number): void {
    const left = this.left(partition, index, perSecond, now) - units;
    this.#stored.statement('INSERT OR REPLACE INTO budgets VALUES (?, ?, ?, ?)').run(partition, index, left, now);
  }
}
