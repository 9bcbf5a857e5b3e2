/**
 * Puts a replica's state onto its zone's disk every so often, and lets the log forget what lies far enough behind. A state
 * that is stored needs only to be synced; of any other a snapshot is saved.
 */
import { errorStory, type Logger } from '@stormglass/base';
import type { LogEntry, ReplicatedLog, Seq } from './log.ts';
import { LogUsage } from './log-usage.ts';
import type { Snapshot, SnapshotHeader, SnapshotStore } from './snapshot.ts';
import type { StoredState } from './stored-state.ts';

export interface KeeperOptions {
  readonly log: ReplicatedLog;
  readonly logger: Logger;
  readonly snapshots?: SnapshotStore | undefined;
  /** Entries between two snapshots (default 20,000). */
  readonly snapshotEvery?: number | undefined;
  /** Entries kept in the log behind the newest snapshot, for zones that were away for a while (default 20,000). */
  readonly keepBehind?: number | undefined;
  /** Bytes kept in the log behind the newest snapshot; what is more is not kept (default 256 MiB). */
  readonly keepBytes?: number | undefined;
}

const DEFAULTS = { snapshotEvery: 20_000, keepBehind: 20_000, keepBytes: 256 * 1024 * 1024 };

/** The state to be kept. */
export interface Kept {
  readonly stored: StoredState | undefined;
  readonly header: SnapshotHeader;
  readonly snapshot: () => Snapshot;
}

export class Keeper {
  readonly #options: KeeperOptions;
  readonly #usage = new LogUsage();
  readonly #snapshotEvery: number;
  readonly #keepBehind: number;
  readonly #keepBytes: number;
  readonly #state: () => Kept;
  #seq: Seq = 0;
  #bytesThen = 0;
  #saving: Promise<void> | undefined;

  constructor(options: KeeperOptions, state: () => Kept) {
    this.#options = options;
    this.#state = state;
    this.#snapshotEvery = options.snapshotEvery ?? DEFAULTS.snapshotEvery;
    this.#keepBehind = options.keepBehind ?? DEFAULTS.keepBehind;
    this.#keepBytes = options.keepBytes ?? DEFAULTS.keepBytes;
  }

  /** The state up to here is on this zone's disk. */
  get seq(): Seq {
    return this.#seq;
  }

  /** Resolves when nothing is being saved. */
  async idle(): Promise<void> {
    await this.#saving;
  }

  onApplied(entries: readonly LogEntry[]): void {
    for (const { seq, payload } of entries) this.#usage.add(seq, payload.length);
    const isDue =
      (entries.at(-1)?.seq ?? 0) - this.#seq >= this.#snapshotEvery ||
      this.#usage.total - this.#bytesThen >= this.#keepBytes / 2;
    const { snapshots, logger } = this.#options;
    const isKept = snapshots !== undefined || this.#state().stored?.isDurable === true;
    if (!isDue || !isKept || this.#saving !== undefined) return;
    this.#saving = this.#keepAndTrim()
      .catch(error => logger.warn('replica: snapshot failed', { error: errorStory(error) }))
      .finally(() => {
        this.#saving = undefined;
      });
  }

  /** Puts the state as of now onto this zone's disk. */
  async keep(): Promise<void> {
    const { stored, header, snapshot } = this.#state();
    this.#bytesThen = this.#usage.total;
    if (stored?.isDurable) await stored.sync();
    else await this.#options.snapshots?.save(snapshot());
    this.onSaved(header);
  }

  /** The state of this header is on the disk, and none that reaches further. */
  onSaved({ seq, logId }: Pick<SnapshotHeader, 'seq' | 'logId'>): void {
    this.#seq = seq;
    this.#options.log.saved?.(seq, logId);
  }

  /** Nothing is on the disk any more. */
  reset(): void {
    this.#seq = 0;
  }

  async #keepAndTrim(): Promise<void> {
    await this.keep();
    const through = Math.max(this.#seq - this.#keepBehind, this.#usage.placeBefore(this.#keepBytes));
    if (through > 0) await this.#options.log.trim(Math.min(through, this.#seq));
  }
}
