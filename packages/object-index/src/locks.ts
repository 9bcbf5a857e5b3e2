/** Object Lock: what may be retained, until when, and what cannot be deleted (S3 User Guide, locking objects). */
import type { Bucket, ObjectVersion, Retention, Version } from './records.ts';
import { refuse } from './result.ts';

const DAY_MS = 24 * 3_600_000;

export interface WantedLock {
  readonly retention?: Retention | undefined;
  readonly legalHold?: boolean | undefined;
}

export type Lock = Pick<ObjectVersion, 'retention' | 'legalHold'>;

/** The lock of a new version: the one asked for, or the bucket's default. */
export function newLock(bucket: Bucket, { retention, legalHold }: WantedLock, now: number): Lock {
  if (retention !== undefined || legalHold !== undefined) assertLockable(bucket);
  if (retention !== undefined) assertFuture(retention, now);
  const retained = retention ?? defaultRetention(bucket, now);
  return {
    ...(retained === undefined ? {} : { retention: retained }),
    ...(legalHold === undefined ? {} : { legalHold }),
  };
}

export function assertLockable(bucket: Bucket): void {
  if (!bucket.objectLock) refuse('InvalidRequest', 'Bucket is missing Object Lock Configuration');
}

export function assertFuture({ retainUntil }: Retention, now: number): void {
  if (retainUntil <= now) refuse('InvalidArgument', 'The retain until date must be in the future!');
}

function defaultRetention({ config }: Bucket, now: number): Retention | undefined {
  const wanted = config.objectLock?.defaultRetention;
  if (wanted === undefined) return undefined;
  const { mode, days = 0, years = 0 } = wanted;
  const end = new Date(now + days * DAY_MS);
  end.setUTCFullYear(end.getUTCFullYear() + years);
  return { mode, retainUntil: end.getTime() };
}

/** Whether a version cannot be deleted now. */
export function isProtected(version: Version, now: number, bypassGovernance: boolean): boolean {
  if (version.isMarker) return false;
  if (version.legalHold === true) return true;
  return holds(version.retention, now) && !(bypassGovernance && version.retention?.mode === 'GOVERNANCE');
}

export function assertDeletable(version: Version, now: number, bypassGovernance: boolean): void {
  if (isProtected(version, now, bypassGovernance))
    refuse('AccessDenied', 'Access Denied because object protected by object lock.');
}

/** A retention in force is only ever made stronger, unless it is in mode GOVERNANCE and may be bypassed. */
export function assertRetentionMayBecome(
  present: Retention | undefined,
  wanted: Retention | null,
  now: number,
  bypassGovernance: boolean,
): void {
  if (present === undefined || !holds(present, now)) return;
  if (present.mode === 'GOVERNANCE' && bypassGovernance) return;
  const isStronger =
    wanted !== null &&
    wanted.retainUntil >= present.retainUntil &&
    (present.mode === 'GOVERNANCE' || wanted.mode === 'COMPLIANCE');
  if (!isStronger) refuse('AccessDenied', 'Access Denied because object protected by object lock.');
}

const holds = (retention: Retention | undefined, now: number): boolean =>
  retention !== undefined && retention.retainUntil > now;
