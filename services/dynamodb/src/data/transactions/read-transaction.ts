/**
 * Reads of several items as they all were at one moment (TransactGetItems). Within one cell any read is that. Over several
 * cells they are read twice: what did not change in between was so when the second read began. What is locked may have been
 * changed elsewhere by a transaction that others have seen, so it is not read, in one cell either. Of two reads it is the
 * second that tells, as this zone may have heard of one cell's part of the transaction before that of another.
 */
import { type ReadItem, type Refusal, reasonCode } from '@stormglass/item-store';
import type { Call } from '@stormglass/service-kit';
import { TRANSACTION_COST } from '../capacity.ts';
import { type ItemDeps, placeOf } from '../cells.ts';
import { refusalError } from '../errors.ts';
import { readItems, type Wanted } from '../read-items.ts';

/** Pairs of reads before the client is told of a conflict. */
const ATTEMPTS = 3;

/** @throws AwsError TransactionCanceledException; MovedError, MapOutdated, LogUnavailable */
export async function readTransaction(
  deps: ItemDeps,
  call: Pick<Call, 'deadline'>,
  wanted: readonly Omit<Wanted, 'isStrong'>[],
  mapAttempt: number,
): Promise<readonly ReadItem[]> {
  const strong = wanted.map(each => ({ ...each, isStrong: true }));
  const cells = new Set(wanted.map(({ table, key }) => placeOf(table, key).cell));
  let conflicts: readonly boolean[] = [];
  for (let attempt = 0; attempt < ATTEMPTS; attempt++) {
    const first = await readItems(deps, call, strong, mapAttempt, TRANSACTION_COST);
    conflicts = first.map(({ isLocked }) => isLocked);
    if (conflicts.includes(true)) continue;
    if (cells.size === 1) return first;
    const second = await readItems(deps, call, strong, mapAttempt, 0);
    conflicts = second.map(({ version, isLocked }, i) => isLocked || version !== first[i]!.version);
    if (!conflicts.includes(true)) return first;
  }
  const reasons = conflicts.map(isConflict => (isConflict ? CONFLICT : null));
  throw refusalError({
    ok: false,
    code: 'TransactionCanceledException',
    message: `Transaction cancelled, please refer cancellation reasons for specific reasons [${reasons.map(reasonCode).join(', ')}]`,
    reasons,
  });
}

const CONFLICT: Refusal = {
  ...{ ok: false, code: 'TransactionConflictException' },
  message: 'Transaction is ongoing for the item',
};
