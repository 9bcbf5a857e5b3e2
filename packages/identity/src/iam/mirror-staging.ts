/**
 * An installation that comes in parts, one log entry each, until the last one is here. One at a time: a second one waits
 * until the first is whole or its follower has been silent for a while.
 */
import type { InstallPart, MirrorResult } from './mirror-commands.ts';
import type { SnapshotRecord } from './tables.ts';

/** One part, as a line of a snapshot; `now`: log time at which it came. */
export interface StagingRecord {
  readonly table: 'staged';
  readonly record: { readonly installId: string; readonly now: number; readonly records: readonly SnapshotRecord[] };
}

interface Staged {
  readonly outcome: MirrorResult['outcome'];
  /** Everything, once the last part is here. */
  readonly records?: Iterable<SnapshotRecord>;
}

/** Followers that have been silent for so long have given up, in ms of log time. */
const SILENT_MS = 5000;
const PARTS_MAX = 50_000;

export class Staging {
  #parts: readonly StagingRecord['record'][] = [];

  add({ installId, index, isLast, records }: InstallPart, now: number): Staged {
    const newest = this.#parts.at(-1);
    if (newest !== undefined && newest.installId !== installId) {
      if (now - newest.now < SILENT_MS) return { outcome: 'busy' };
      this.#parts = [];
    }
    // The same part proposed twice.
    if (index < this.#parts.length) return { outcome: 'taken' };
    if (index > this.#parts.length || index >= PARTS_MAX) return { outcome: 'stale' };
    const parts = [...this.#parts, { installId, now, records }];
    this.#parts = isLast ? [] : parts;
    return isLast ? { outcome: 'taken', records: parts.flatMap(part => part.records) } : { outcome: 'taken' };
  }

  clear(): void {
    this.#parts = [];
  }

  restore({ record }: StagingRecord): void {
    this.#parts = [...this.#parts, record];
  }

  snapshot(): readonly StagingRecord[] {
    return this.#parts.map(record => ({ table: 'staged', record }));
  }
}
