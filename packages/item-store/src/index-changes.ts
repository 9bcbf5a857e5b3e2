/** What a write changes in the indexes of its partition, and what that costs. */
import type { Image } from './image.ts';
import type { IndexEntry, IndexRules } from './index-rules.ts';
import type { StoredPartition } from './partition-table.ts';
import { sameBytes } from './stored-keys.ts';

/** Bytes that one write unit pays for (Developer Guide, "Read/write capacity"). */
const UNIT_BYTES = 1024;

export interface IndexChange {
  readonly rules: IndexRules;
  readonly before: IndexEntry | undefined;
  readonly after: IndexEntry | undefined;
  /** The entry stays in its place. */
  readonly isSameKey: boolean;
  /** Write units. */
  readonly units: number;
}

/** Only indexes with something to store or to pay for. */
export function indexChanges(at: StoredPartition, before: Image | undefined, after: Image | undefined): IndexChange[] {
  const changes: IndexChange[] = [];
  if (before?.text === after?.text) return changes;
  for (const rules of at.rules) {
    const old = before === undefined ? undefined : rules.entry(before.item, before.size);
    const now = after === undefined ? undefined : rules.entry(after.item, after.size);
    const isSameKey = old !== undefined && now !== undefined && sameBytes(old.key, now.key);
    // An index that is being filled may lack what does not change; it comes when the filling is there.
    const isSame = isSameKey && old.item !== null && old.item === now.item;
    if ((old === undefined && now === undefined) || isSame) continue;
    changes.push({ rules, before: old, after: now, isSameKey, units: unitsOf(isSameKey, old, now) });
  }
  return changes;
}

/** Units of a write of so many bytes. */
export const writeUnits = (bytes: number): number => Math.max(1, Math.ceil(bytes / UNIT_BYTES));

/** An entry that moves is deleted and put. */
function unitsOf(isSameKey: boolean, old: IndexEntry | undefined, now: IndexEntry | undefined): number {
  if (isSameKey) return writeUnits(Math.max(old!.size, now!.size));
  return (old === undefined ? 0 : writeUnits(old.size)) + (now === undefined ? 0 : writeUnits(now.size));
}
