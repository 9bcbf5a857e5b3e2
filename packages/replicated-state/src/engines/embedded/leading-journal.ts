/**
 * Which journal a new epoch begins with: the most advanced of those that may vote. Among a quorum of sound journals is
 * one that holds everything acknowledged; with fewer, all zones must be there.
 */
import type { Follower } from './follower.ts';
import { isAhead } from './journal.ts';
import type { Position } from './messages.ts';

/** Undefined while too few journals are known to choose safely. */
export function leadingJournal(
  followers: readonly Follower[],
  quorum: number,
  zoneCount: number,
): Follower | undefined {
  const sound = followers.filter(f => f.position.sound);
  const voters = sound.length >= quorum ? sound : followers.length === zoneCount ? followers : [];
  return voters.length === 0 ? undefined : voters.reduce((a, b) => (isAhead(b.position, a.position) ? b : a));
}

/** A fresh disk, or one of another log, has lost what it may have acknowledged in the log that is known. */
export const isSound = (position: Position, knownLogId: string | undefined): boolean =>
  position.sound && (knownLogId === undefined || position.logId === knownLogId);
