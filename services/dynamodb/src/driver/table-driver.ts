/**
 * Makes the cells follow the catalogue: partitions made, changed and dropped, indexes filled, partitions split; then the
 * catalogue is told (`Advance`). It compares what is wanted with what is there and may run in every zone at once, and be
 * killed anywhere: the next round goes on.
 */
import { type Clock, errorStory, type Logger, sleep } from '@stormglass/base';
import type { ItemCommand } from '@stormglass/item-store';
import type { BackupRecord, PartitionPlace, TableCommand, TableRecord } from '@stormglass/table-catalogue';
import type { CatalogueReplica } from '../deps.ts';
import { type CopyStep, copySteps, isBackedUp, isExpired, sizeOf, strayCopies } from './backup-plan.ts';
import type { Cells } from './cell.ts';
import { Mover, type SplitPlace } from './mover.ts';
import { planOf, restoring, type StrayStep, straysIn } from './plan.ts';
import { PARTITION_LIMITS, type PartitionLimits, wantedSplit } from './splits.ts';

export interface TableDriverOptions {
  readonly catalogue: CatalogueReplica;
  readonly cells: Cells;
  readonly clock: Clock;
  readonly logger: Logger;
  /** Between two looks at whether there is anything to do, in ms. */
  readonly intervalMs: number;
  /** Partitions beyond it are split (`PARTITION_LIMITS` if absent). */
  readonly limits?: PartitionLimits;
}

const COMMAND_MS = 5000;
const GARBAGE_ROWS = 500;
/** The first round is a sweep. */
const ROUNDS_PER_SWEEP = 60;
/** Pieces of each index that a round fills; the next round goes on. */
const FILLINGS_PER_ROUND = 20;

export class TableDriver {
  readonly #options: TableDriverOptions;
  readonly #stopping = new AbortController();
  readonly #mover: Mover;
  #running: Promise<void> = Promise.resolve();
  #rounds = 0;

  constructor(options: TableDriverOptions) {
    const { cells, clock } = options;
    this.#options = options;
    const execute = (cell: number, command: ItemCommand) => this.#execute(cell, command);
    this.#mover = new Mover({ cells, clock, execute, signal: this.#stopping.signal });
  }

  start(): void {
    this.#running = this.#run();
  }

  async stop(): Promise<void> {
    this.#stopping.abort();
    await this.#running;
  }

  /** One look at every table that is not settled, and now and then at everything. @throws LogUnavailable */
  async round(): Promise<void> {
    await this.#collect();
    const isSweep = this.#rounds++ % ROUNDS_PER_SWEEP === 0;
    if (isSweep) await this.#beginSplits();
    // What is seen in a cell now is known to a catalogue that is brought up to date afterwards, or nobody's.
    const strays = isSweep ? this.#strays() : [];
    const copies = strayCopies(this.#options.catalogue.view.backups(), this.#options.cells);
    if (this.#due(isSweep).length + this.#backups().length + strays.length + copies.length === 0) return;
    // What an older state of the catalogue wants must not be done any more.
    await this.#options.catalogue.upToDate(this.#deadline());
    await this.#backUp();
    for (const table of this.#due(isSweep)) {
      if (this.#stopping.signal.aborted) return;
      await this.#drive(table);
    }
    const ids = new Set(this.#strays().map(({ command }) => command.partition));
    for (const { cell, command } of strays) if (ids.has(command.partition)) await this.#execute(cell, command);
    await this.#dropCopies(copies);
  }

  /** Copies what is being backed up, and forgets the backups whose time is over. */
  async #backUp(): Promise<void> {
    const { catalogue, cells, clock } = this.#options;
    for (const backup of this.#backups()) {
      if (isExpired(backup, clock.now())) {
        await this.#tell({ type: 'ExpireBackups' });
        continue;
      }
      for (let round = 0; round < FILLINGS_PER_ROUND; round++) {
        const steps = copySteps(backup, cells);
        if (steps.length === 0 || this.#stopping.signal.aborted) break;
        for (const { cell, command } of steps) await this.#execute(cell, command);
      }
      const size = sizeOf(backup, cells);
      if (size === undefined) continue;
      const { accountId, id } = backup;
      await this.#tell({ type: 'FinishBackup', accountId, backup: id, ...size });
    }
    // Tables that are deleted wait for their last backups, and those are seen here first.
    await catalogue.upToDate(this.#deadline());
  }

  /** Those that there is something to do for. */
  #backups(): BackupRecord[] {
    const { catalogue, clock } = this.#options;
    const now = clock.now();
    return [...catalogue.view.backups()].filter(backup => backup.status === 'CREATING' || isExpired(backup, now));
  }

  /** Those that nobody knows now that the catalogue is up to date. */
  async #dropCopies(found: readonly CopyStep[]): Promise<void> {
    for (const { cell, command } of found) {
      const isStray = () =>
        strayCopies(this.#options.catalogue.view.backups(), this.#options.cells).some(
          stray => stray.cell === cell && stray.command.backup === command.backup,
        );
      for (let round = 0; round < FILLINGS_PER_ROUND && isStray(); round++) await this.#execute(cell, command);
    }
  }

  /** One piece in every cell of what was dropped or moved away. */
  async #collect(): Promise<void> {
    for (const [cell, { view }] of this.#options.cells)
      if (view.hasGarbage()) await this.#execute(cell, { type: 'CollectGarbage', limit: GARBAGE_ROWS });
  }

  /** A sweep finds what came late from a zone that had not heard of the newest: cells that went back behind a table. */
  #due(isSweep: boolean): TableRecord[] {
    const { catalogue, cells } = this.#options;
    const unsettled = [...catalogue.view.unsettled()];
    if (!isSweep) return unsettled;
    const changed = [...catalogue.view.tables()].filter(table => planOf(table, cells).changes.length > 0);
    return [...new Set([...unsettled, ...changed])];
  }

  #strays(): StrayStep[] {
    const { catalogue, cells } = this.#options;
    return straysIn(catalogue.view.tables(), cells);
  }

  async #run(): Promise<void> {
    const { clock, logger, intervalMs } = this.#options;
    const { signal } = this.#stopping;
    while (!signal.aborted) {
      await this.round().catch((error: unknown) => {
        if (!signal.aborted) logger.warn('tables wait for their cells', { error: errorStory(error) });
      });
      await sleep(clock, intervalMs, signal).catch(() => {});
    }
  }

  async #drive(table: TableRecord): Promise<void> {
    const { cells, catalogue } = this.#options;
    if (table.status === 'DELETING' && isBackedUp(table, catalogue.view.backups())) return;
    for (const { cell, command } of planOf(table, cells).changes) await this.#execute(cell, command);
    if (table.status !== 'DELETING') await this.#split(table);
    await this.#fill(table);
    const { changes, filled } = planOf(table, cells);
    if (changes.length > 0 || restoring(table, cells).length > 0) return;
    const { accountId, name, id: tableId, generation } = table;
    await this.#tell({ type: 'Advance', accountId, name, tableId, generation, filled });
  }

  async #fill(table: TableRecord): Promise<void> {
    for (let round = 0; round < FILLINGS_PER_ROUND; round++) {
      const { fillings } = planOf(table, this.#options.cells);
      if (fillings.length === 0 || this.#stopping.signal.aborted) return;
      for (const { cell, command } of fillings) await this.#execute(cell, command);
    }
  }

  async #beginSplits(): Promise<void> {
    const { catalogue, cells, clock, limits = PARTITION_LIMITS } = this.#options;
    for (const table of catalogue.view.tables()) {
      const split = wantedSplit(table, cells, clock.now(), limits);
      if (split !== undefined) await this.#tell(split);
    }
  }

  async #split(table: TableRecord): Promise<void> {
    const { accountId, name, id: tableId } = table;
    for (const place of table.partitions) {
      if (isSplitting(place) && (await this.#mover.turn(table, place)))
        await this.#tell({ type: 'FinishSplit', accountId, name, tableId, partition: place.id });
    }
  }

  async #tell(command: TableCommand): Promise<void> {
    const result = await this.#options.catalogue.execute(command, { deadline: this.#deadline() });
    if (!result.ok) this.#options.logger.warn('the catalogue refused', { command: command.type, why: result.message });
  }

  async #execute(cell: number, command: ItemCommand): Promise<void> {
    const replica = this.#options.cells.get(cell);
    // A zone that does not have the cell leaves it to others.
    if (replica === undefined) return;
    const result = await replica.execute(command, { deadline: this.#deadline() });
    // Another zone was faster; the next look tells what is left to do.
    if (!result.ok) this.#options.logger.info('a cell refused', { cell, command: command.type, why: result.message });
  }

  #deadline(): number {
    return this.#options.clock.monotonic() + COMMAND_MS;
  }
}

const isSplitting = (place: PartitionPlace): place is SplitPlace => place.split !== undefined;
