/**
 * The catalogue of tables, of all accounts: what each table is, and where its items are. What becomes of a table in the
 * cells that hold its items is done by whoever drives them, and told here with `Advance`.
 *
 * T1  An account has one table of a name; its id is no other table's.
 * T2  The partitions of a table lie in the order of their hashes, without gaps, and cover all of them.
 * T3  An id of a partition, a stream, or (within its table) of an index and a time to live, is given out once.
 * T4  A table's generation grows with everything that its cells must follow, and `settled` never passes it.
 * T5  A table that is ACTIVE has no index that its cells do not know of.
 * T6  A refused command changes nothing.
 * T7  Stored records never change; an update stores a new one. Snapshots share records with the running state.
 * T8  Attributes are defined exactly where a key of the table or of an index has them.
 * T9  A table is not deleted, and its recovery not ended, while a backup or another table is made of it; nor is a backup
 *     while a table is made of it.
 *
 * `state.property.test.ts` checks them after random commands.
 */
import type { ApplyContext, StateMachine } from '@stormglass/replicated-state';
import { applyBackups } from './apply-backups.ts';
import { applyCreate } from './apply-create.ts';
import { applyProgress } from './apply-progress.ts';
import { applyRecovery } from './apply-recovery.ts';
import { applySettings } from './apply-settings.ts';
import { applyUpdate } from './apply-update.ts';
import type { TableCommand } from './commands.ts';
import { type Applier, Refused, type TableResult } from './result.ts';
import { CatalogueTables, type SnapshotRecord } from './tables.ts';
import { CatalogueView } from './view.ts';

type Appliers = { readonly [Type in TableCommand['type']]: Applier<Type, CatalogueTables> };

// Complete, or it does not compile.
const APPLIERS: Appliers = {
  ...applyCreate,
  ...applyUpdate,
  ...applySettings,
  ...applyProgress,
  ...applyBackups,
  ...applyRecovery,
};

export class TableCatalogue implements StateMachine<TableCommand, TableResult, CatalogueView> {
  readonly name = 'tables';
  readonly format = 1;
  readonly view: CatalogueView;
  readonly #tables = new CatalogueTables();

  constructor() {
    this.view = new CatalogueView(this.#tables);
  }

  apply({ now }: ApplyContext, command: TableCommand): TableResult {
    const type: string = command.type;
    // A newer build may have proposed it while this zone is still being deployed to.
    if (!Object.hasOwn(APPLIERS, type))
      return { ok: false, code: 'UnknownCommand', message: `This replica does not know the command ${type}.` };
    // The table pairs each type with the applier of that type; TypeScript cannot follow the pairing through an index.
    const apply = APPLIERS[command.type] as (
      tables: CatalogueTables,
      command: TableCommand,
      now: number,
    ) => TableResult;
    try {
      return apply(this.#tables, command, now);
    } catch (thrown) {
      if (thrown instanceof Refused) return thrown.refusal;
      throw thrown;
    }
  }

  snapshot(): Iterable<SnapshotRecord> {
    return this.#tables.freeze();
  }

  install(records: Iterable<unknown>): void {
    // Snapshots come from this class, in this format, checked by whoever carried them.
    this.#tables.replaceAll(records as Iterable<SnapshotRecord>);
  }
}
