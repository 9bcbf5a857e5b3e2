/**
 * The state of S3: buckets, all versions of their objects, the pieces that hold their bytes, and uploads in progress.
 *
 * O1  The newest version of a key is in `objects`, and only it, unless it is a delete marker; all others are in `history`.
 * O2  Every version of an object has a body, and every body belongs to exactly the versions, or the upload, that name it.
 * O3  The pieces of a body that a version names lie one behind the other and add up to the version's size.
 * O4  A blob belongs to one piece.
 * O5  No two versions have the same `seq`, and among those of a key the newest has the greatest.
 * O6  A version that is locked is neither deleted nor replaced.
 * O7  A refused command changes nothing.
 * O8  What is said of a bucket's usage and of all blobs is what counting them gives.
 *
 * `state.property.test.ts` checks them after random commands. Nothing but the tables is remembered from one command to the
 * next, so that they may be set back, copied or replaced between any two.
 */
import type { Logger } from '@stormglass/base';
import { type ApplyContext, SqliteState, type StateMachine } from '@stormglass/replicated-state';
import type { AppliersOf } from './applier.ts';
import { applyBuckets } from './apply-buckets.ts';
import { applyDeletes } from './apply-deletes.ts';
import { applySettings } from './apply-settings.ts';
import { applyUploads } from './apply-uploads.ts';
import { applyWrites } from './apply-writes.ts';
import type { ChangeListener } from './changes.ts';
import type { ObjectCommand } from './commands.ts';
import { IndexView } from './index-view.ts';
import { type ObjectResult, Refused } from './result.ts';
import { TABLES } from './schema.ts';
import { IndexTables } from './tables.ts';
import type { ObjectIndexView } from './view.ts';

const NAME = 's3';
const FORMAT = 1;

// Complete, or it does not compile.
const APPLIERS: AppliersOf<ObjectCommand['type']> = {
  ...applyBuckets,
  ...applyWrites,
  ...applyDeletes,
  ...applyUploads,
  ...applySettings,
};

export interface ObjectIndexOptions {
  /** Path of the file with the tables, or `:memory:`. */
  readonly path: string;
  readonly logger: Logger;
  /** Asked before each batch of changes; throws where writing is to fail. */
  readonly beforeWrite?: (() => void) | undefined;
}

export class ObjectIndex implements StateMachine<ObjectCommand, ObjectResult, ObjectIndexView> {
  readonly name = NAME;
  readonly format = FORMAT;
  readonly stored: SqliteState;
  readonly view: ObjectIndexView;
  readonly #tables: IndexTables;

  /** Takes milliseconds, however much there is. */
  static open(options: ObjectIndexOptions): ObjectIndex {
    return new ObjectIndex(new SqliteState({ ...options, machine: NAME, format: FORMAT, tables: TABLES }));
  }

  private constructor(stored: SqliteState) {
    this.stored = stored;
    this.#tables = new IndexTables(stored);
    this.view = new IndexView(this.#tables);
    stored.onReset(() => this.#tables.replaced());
  }

  /** Tells of every change, once it is committed. Returns what ends that. */
  onChange(listener: ChangeListener): () => void {
    return this.#tables.listen(listener);
  }

  apply({ now }: ApplyContext, command: ObjectCommand): ObjectResult {
    const type: string = command.type;
    // A newer build may have proposed it while this zone is still being deployed to.
    if (!Object.hasOwn(APPLIERS, type))
      return { ok: false, code: 'UnknownCommand', message: `This replica does not know the command ${type}.` };
    // The table pairs each type with the applier of that type; TypeScript cannot follow the pairing through an index.
    const apply = APPLIERS[command.type] as (tables: IndexTables, command: ObjectCommand, now: number) => ObjectResult;
    this.#tables.begin();
    try {
      const result = apply(this.#tables, command, now);
      this.#tables.end();
      return result;
    } catch (thrown) {
      if (thrown instanceof Refused) return thrown.refusal;
      throw thrown;
    }
  }

  snapshot(): Iterable<unknown> {
    return this.stored.snapshot();
  }

  install(records: Iterable<unknown>): void {
    this.stored.install(records);
  }
}
