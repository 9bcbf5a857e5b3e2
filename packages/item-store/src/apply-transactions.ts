/**
 * Transactions. Within one cell they are one command. Over several each cell prepares its part, which locks the items, the
 * deciding cell decides, and each cell finishes. A decision is kept until every part is finished; who finds a part that
 * nobody finishes has the deciding cell decide `abort`, which counts unless something else was decided before.
 */
import type { ApplyContext } from '@stormglass/replicated-state';
import type { AppliersOf } from './applier.ts';
import { cancelled } from './cancelled.ts';
import { carryOut, spend, TRANSACTION_COST, writtenBy } from './carry-out.ts';
import type { CheckItem, RequestToken, Write } from './commands.ts';
import { Image } from './image.ts';
import { planWrite, type WritePlan } from './plan-write.ts';
import { accepted, refusalOr, refuse } from './result.ts';
import { storeChange } from './store-change.ts';
import type { StoreTables } from './tables.ts';
import type { PreparedWrite } from './transaction-table.ts';

type TransactionType =
  | 'TransactItems'
  | 'PrepareTransaction'
  | 'DecideTransaction'
  | 'FinishTransaction'
  | 'ForgetTransactions';

/** Old requests and aborts that go with each new one. */
const PRUNED = 4;

export const applyTransactions: AppliersOf<TransactionType> = {
  TransactItems(tables, { writes, request }, context) {
    if (wasDone(tables, request, context)) return accepted({ written: [], isRepeated: true });
    const plans = planAll(tables, writes, context);
    const written = plans.map(plan => carryOut(tables, plan, context, TRANSACTION_COST));
    if (request !== undefined) remember(tables, request, context);
    return accepted({ written, isRepeated: false });
  },

  PrepareTransaction(tables, { transaction, decider, writes }, context) {
    // A copy of a command that comes late would be done a second time, as a part of what was decided long ago.
    if (tables.transactions.request(finished(transaction), context.now) !== undefined)
      refuse('NotPossible', `The transaction ${transaction} is finished.`);
    const plans = planAll(tables, writes, context);
    const first = tables.transactions.nextNumber(transaction);
    plans.forEach((plan, i) => {
      const { at, key, op, after } = plan;
      const kind = op === 'check' ? 'check' : after === undefined ? 'delete' : 'put';
      const item = kind === 'put' ? after!.text : null;
      const prepared = { transaction, number: first + i, partition: at.id, key, op: kind, item } as const;
      tables.transactions.prepare(prepared, decider, context.now);
      spend(tables, plan, context, TRANSACTION_COST);
    });
    return accepted(plans.map(writtenBy));
  },

  DecideTransaction(tables, { transaction, commit, cells, request }, context) {
    const earlier = tables.transactions.decision(transaction);
    if (earlier?.commit) return accepted({ commit: true, isRepeated: false });
    const isRepeated = wasDone(tables, request, context);
    if (earlier !== undefined) return accepted({ commit: false, isRepeated });
    const decision = { transaction, commit: commit && !isRepeated, at: context.now, cells };
    tables.transactions.decide(decision);
    if (decision.commit && request !== undefined) remember(tables, request, context);
    return accepted({ commit: decision.commit, isRepeated });
  },

  FinishTransaction(tables, { transaction, commit }, context) {
    const prepared = tables.transactions.prepared(transaction);
    if (commit) for (const write of prepared) finish(tables, write, context);
    if (prepared.length > 0) {
      tables.transactions.unprepare(transaction);
      if (commit) remember(tables, { token: finished(transaction), digest: '' }, context);
    }
    return accepted(prepared.length);
  },

  ForgetTransactions(tables, { transactions }) {
    for (const transaction of transactions) tables.transactions.forget(transaction);
    return accepted(null);
  },
};

/** What all writes would do; refused as a whole when one of them is. */
function planAll(
  tables: StoreTables,
  writes: readonly (Write | CheckItem)[],
  context: ApplyContext,
): readonly WritePlan[] {
  const plans = writes.map(write => refusalOr(() => planWrite(tables, write, context)));
  const reasons = plans.map(plan => ('ok' in plan ? plan : null));
  const moved = reasons.find(reason => reason?.code === 'Moved');
  if (moved) refuse(moved.code, moved.message);
  if (reasons.some(reason => reason !== null)) throw cancelled(reasons);
  const ready = plans as WritePlan[];
  const items = new Set(ready.map(({ at, key }) => `${at.id} ${Buffer.from(key).toString('latin1')}`));
  if (items.size < ready.length)
    refuse('ValidationException', 'Transaction request cannot include multiple operations on one item');
  return ready;
}

/** @throws Refused when another request had the same token */
function wasDone({ transactions }: StoreTables, request: RequestToken | undefined, { now }: ApplyContext): boolean {
  const digest = request === undefined ? undefined : transactions.request(request.token, now);
  if (digest === undefined) return false;
  if (digest !== request?.digest)
    refuse(
      'IdempotentParameterMismatchException',
      'This request uses the same client token as a previous, but non-identical request. Do not reuse a client token with different parameters, unless the requests are identical.',
    );
  return true;
}

/** What is remembered of a part that was carried out; no token of a client begins like this. */
const finished = (transaction: string): string => `/${transaction}`;

function remember({ transactions }: StoreTables, request: RequestToken, { now }: ApplyContext): void {
  transactions.prune(now, PRUNED);
  transactions.putRequest(request, now);
}

/** Nothing is asked any more: conditions held when it was prepared, and nobody wrote to the item since. */
function finish(tables: StoreTables, { partition, key, op, item }: PreparedWrite, context: ApplyContext): void {
  const at = tables.partitions.get(partition);
  if (op === 'check' || at === undefined) return;
  const stored = tables.items.get(partition, key);
  const before = stored === undefined ? undefined : Image.stored(stored);
  const after = op === 'put' ? Image.text(item!) : undefined;
  storeChange(tables, { at, key, before, after }, context);
}
