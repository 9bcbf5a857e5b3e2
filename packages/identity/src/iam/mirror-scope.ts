/** Which rows of IAM a region holds: all of them, or, where accounts opt in, theirs and what the partition shares. */
import { isDefaultRegion } from '@stormglass/base';
import type { RegionOptIn } from './records.ts';
import type { RowChange, SnapshotRecord } from './tables.ts';
import type { IamView } from './view.ts';

/** The account a row belongs to; undefined for what the whole partition shares. */
export function accountOf(line: SnapshotRecord): string | undefined {
  if (line.table === 'token-key' || line.table === 'region') return undefined;
  return line.record.accountId;
}

/** The row a change is about. */
export const lineOf = (change: RowChange): SnapshotRecord => ('put' in change ? change.put : change.drop);

/** Whether an account that stands like this to a region has, or is to have, its identities there. */
export const isWanted = ({ status }: RegionOptIn): boolean => status !== 'DISABLING';

/** Says of a row whether `region` is to have it, as accounts and the region stand now. */
export function rowsFor(region: string, view: IamView): (line: SnapshotRecord) => boolean {
  if (isDefaultRegion(region)) return () => true;
  const accounts = new Set(
    view
      .regionOptIns(region)
      .filter(isWanted)
      .map(({ accountId }) => accountId),
  );
  return line => accounts.has(accountOf(line) ?? '') || accountOf(line) === undefined;
}
