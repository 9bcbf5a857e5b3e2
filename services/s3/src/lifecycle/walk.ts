/**
 * Finds what is due among the versions of a bucket, seen key by key and the newest first: in pages, without holding more
 * than what it must know of the key it is at.
 */
import type { DeleteMarker, Expiry, Version } from '@stormglass/object-index';
import { currentDue, type Due, loneMarkerDue, noncurrentDue } from './due.ts';
import type { LifecycleRule } from './rules.ts';

export interface WalkOptions {
  readonly rules: readonly LifecycleRule[];
  readonly dayMs: number;
  /** In ms since the epoch. */
  readonly now: number;
  /** Draws the version id of a delete marker. */
  readonly newVersionId: () => string;
}

export class LifecycleWalk {
  readonly #options: WalkOptions;
  #key: string | undefined;
  /** Versions of the key that were seen and are not current. */
  #newer = 0;
  /** A current delete marker of which no other version was seen yet. */
  #lone: DeleteMarker | undefined;

  constructor(options: WalkOptions) {
    this.#options = options;
  }

  /** What is due once the walk has come to `version`, the next one. */
  next(version: Version): readonly Expiry[] {
    const due = version.key === this.#key ? [] : this.end();
    this.#key = version.key;
    const expiry = version.isLatest ? this.#latest(version) : this.#noncurrent(version);
    return expiry === undefined ? due : [...due, expiry];
  }

  /** What is due when there is no further version. */
  end(): readonly Expiry[] {
    const { rules, dayMs } = this.#options;
    const lone = this.#lone;
    this.#key = this.#lone = undefined;
    this.#newer = 0;
    if (lone === undefined || !this.#isPast(loneMarkerDue(rules, lone, dayMs))) return [];
    const { key, seq, versionId } = lone;
    return [{ what: 'marker', key, seq, versionId }];
  }

  #latest(version: Version): Expiry | undefined {
    if (version.isMarker) {
      this.#lone = version;
      return undefined;
    }
    const { rules, dayMs, newVersionId } = this.#options;
    if (!this.#isPast(currentDue(rules, version, dayMs))) return undefined;
    return { what: 'object', key: version.key, seq: version.seq, markerId: newVersionId() };
  }

  #noncurrent(version: Version): Expiry | undefined {
    this.#lone = undefined;
    const newer = this.#newer++;
    const since = version.noncurrentSince;
    if (since === undefined) return undefined;
    const { rules, dayMs } = this.#options;
    const subject = version.isMarker ? { ...version, size: 0, tags: [] } : version;
    if (!this.#isPast(noncurrentDue(rules, subject, { since, newer }, dayMs))) return undefined;
    const { key, seq, versionId } = version;
    return { what: 'noncurrent', key, seq, versionId };
  }

  #isPast(due: Due | undefined): boolean {
    return due !== undefined && due.at <= this.#options.now;
  }
}
