/** The commands of a mirroring region's IAM log: only its followers write it. */
import type { Seq } from '@stormglass/replicated-state';
import type { MirrorEntry } from './mirror-feed.ts';
import type { SnapshotRecord } from './tables.ts';

/** Where the mirror stands: everything up to this position of the home region's log is here. */
export interface MirrorPosition {
  /** The incarnation of the home region's log. */
  readonly logId: string;
  readonly seq: Seq;
}

/** What home changed behind `after`, up to and including `upTo`. Counts only if the mirror stands at `after`. */
export interface MirrorEntries {
  readonly type: 'MirrorEntries';
  readonly logId: string;
  readonly after: Seq;
  readonly upTo: Seq;
  readonly entries: readonly MirrorEntry[];
}

/**
 * A part of home's rows as of `at`: of one account that opts in to the region, or, without one, of all that the region
 * holds. The last part brings all of them in. Whoever begins anew, or is the second to begin, is told so.
 */
export interface InstallPart {
  readonly type: 'InstallPart';
  /** Drawn for each installation. */
  readonly installId: string;
  readonly logId: string;
  readonly at: Seq;
  readonly accountId: string | null;
  /** 0, 1, 2, ... */
  readonly index: number;
  readonly isLast: boolean;
  readonly records: readonly SnapshotRecord[];
}

export type MirrorCommand = MirrorEntries | InstallPart;

/** `stale`: it did not begin where the mirror stands. `busy`: another installation is under way. */
export interface MirrorResult {
  readonly outcome: 'taken' | 'stale' | 'busy';
}
