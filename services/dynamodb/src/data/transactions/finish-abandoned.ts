/**
 * Brings transactions to their end whose coordinator died or lost its log. Any zone may do it at any time, and again: the
 * first decision counts, and finishing what is finished does nothing.
 */
import type { Calling, ItemDeps } from '../cells.ts';
import { cellOf, executeIn } from '../cells.ts';

/** A transaction that takes longer than this, in ms of log time, is taken for abandoned. */
export const ABANDONED_MS = 5000;
/** Of each kind and cell in one round. */
const ROUND_MAX = 100;

/**
 * Those that one cell has a part of, or has decided on.
 *
 * @param now wall clock in ms since the epoch
 * @returns how many there were
 * @throws LogUnavailable, AwsError: what is left is for the next round
 */
export async function finishAbandoned(
  deps: Pick<ItemDeps, 'cellReplicas'>,
  cell: number,
  now: number,
  calling: Omit<Calling, 'commandId'>,
): Promise<number> {
  const call = { ...calling, commandId: undefined };
  const until = now - ABANDONED_MS;
  const { view } = cellOf(deps, cell);
  const prepared = view.prepared(until, ROUND_MAX);
  for (const { transaction, decider } of prepared) {
    const decide = { type: 'DecideTransaction', transaction, commit: false, cells: [cell] } as const;
    const { commit } = await executeIn(deps, decider, call, decide, '');
    await executeIn(deps, cell, call, { type: 'FinishTransaction', transaction, commit }, '');
  }
  const committed = view.committed(until, ROUND_MAX);
  for (const { transaction, cells } of committed) {
    const finish = { type: 'FinishTransaction', transaction, commit: true } as const;
    await Promise.all(cells.map(each => executeIn(deps, each, call, finish, '')));
  }
  const transactions = committed.map(({ transaction }) => transaction);
  if (transactions.length > 0) await executeIn(deps, cell, call, { type: 'ForgetTransactions', transactions }, '');
  return prepared.length + committed.length;
}
