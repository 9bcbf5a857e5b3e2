/**
 * Brings transactions to their end whose coordinator died or lost its log. Any zone may do it at any time, and again: the
 * first decision counts, and finishing what is finished does nothing.
 */
import type { Calling, ItemDeps } from '../cells.ts';
import { executeIn } from '../cells.ts';

/** A transaction that takes longer than this, in ms of log time, is taken for abandoned. */
export const ABANDONED_MS = 5000;
/** Of each kind and cell in one round. */
const ROUND_MAX = 100;

/**
 * @param now wall clock in ms since the epoch
 * @returns how many there were
 * @throws LogUnavailable, AwsError: what is left is for the next round
 */
export async function finishAbandoned(
  deps: ItemDeps,
  now: number,
  calling: Omit<Calling, 'commandId'>,
): Promise<number> {
  const call = { ...calling, commandId: undefined };
  const until = now - ABANDONED_MS;
  let count = 0;
  for (const [cell, { view }] of deps.cellReplicas) {
    for (const { transaction, decider } of view.prepared(until, ROUND_MAX)) {
      const decide = { type: 'DecideTransaction', transaction, commit: false, cells: [cell] } as const;
      const { commit } = await executeIn(deps, decider, call, decide, '');
      await executeIn(deps, cell, call, { type: 'FinishTransaction', transaction, commit }, '');
      count++;
    }
    const committed = view.committed(until, ROUND_MAX);
    for (const { transaction, cells } of committed) {
      const finish = { type: 'FinishTransaction', transaction, commit: true } as const;
      await Promise.all(cells.map(each => executeIn(deps, each, call, finish, '')));
      count++;
    }
    const transactions = committed.map(({ transaction }) => transaction);
    if (transactions.length > 0) await executeIn(deps, cell, call, { type: 'ForgetTransactions', transactions }, '');
  }
  return count;
}
