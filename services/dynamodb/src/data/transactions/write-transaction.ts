/**
 * Writes of several items, all or none (TransactWriteItems). Items of one cell are one command. Over several cells each
 * prepares its part, the home cell of the request decides, each finishes; then the client is answered. Whatever this zone
 * leaves undone `finishAbandoned` brings to its end.
 */
import { hash } from 'node:crypto';
import { AwsError } from '@stormglass/aws-wire';
import { hexId } from '@stormglass/base';
import {
  type CheckItem,
  type ItemCommand,
  type ItemResult,
  type Refusal,
  type RequestToken,
  reasonCode,
  type Write,
  type Written,
} from '@stormglass/item-store';
import { LogUnavailable } from '@stormglass/replicated-state';
import type { Call } from '@stormglass/service-kit';
import type { TableRecord } from '@stormglass/table-catalogue';
import { byCell, cellOf, executeIn, type ItemDeps, inCommands, resultIn } from '../cells.ts';
import { refusalError } from '../errors.ts';
import { type ItemAction, placed } from '../write-items.ts';
import { homeOf, idPrefixOf } from './request-token.ts';

/** One of a transaction's writes or checks. */
export interface Action {
  readonly table: TableRecord;
  readonly action: ItemAction;
}

/** What one command prepares. */
interface Part {
  readonly cell: number;
  readonly writes: readonly { readonly write: Write | CheckItem; readonly index: number }[];
}

/**
 * Returns what was written, in the order of the actions; undefined when the same request was done before.
 *
 * @param attempt tells the commands of this attempt from those of earlier ones
 * @throws AwsError when it is refused; MapOutdated, LogUnavailable
 */
export async function writeTransaction(
  deps: ItemDeps,
  call: Call,
  actions: readonly Action[],
  request: RequestToken | undefined,
  attempt: number,
): Promise<readonly Written[] | undefined> {
  const at = actions.map(({ table, action }, index) => ({ ...placed(table, action), index }));
  const parts = [...byCell(at)].flatMap(([cell, own]) => inCommands(own).map(writes => ({ cell, writes })));
  const [first] = parts;
  const home = request === undefined ? first!.cell : homeOf(deps, request);
  if (parts.length > 1 || first!.cell !== home) {
    const { commandId } = call;
    // All attempts of a call are one transaction: what one of them began, another one brings to its end.
    const own =
      commandId === undefined ? hexId(deps.random, 12) : hash('sha256', `${commandId}.${attempt}`, 'base64url');
    const transaction = request === undefined ? own : idPrefixOf(request) + own;
    return overCells(deps, call, parts, home, transaction, request);
  }
  const writes = at.map(({ write }) => write);
  const command = { type: 'TransactItems', writes, ...(request && { request }) } as const;
  const { written, isRepeated } = await executeIn(deps, home, call, command, `${attempt}`);
  return isRepeated ? undefined : written;
}

async function overCells(
  deps: ItemDeps,
  { deadline, trace }: Call,
  parts: readonly Part[],
  home: number,
  transaction: string,
  request: RequestToken | undefined,
): Promise<readonly Written[] | undefined> {
  const cells = [...new Set(parts.map(({ cell }) => cell))];
  const run = <Command extends ItemCommand>(cell: number, command: Command, commandId?: string) =>
    resultIn(deps, cell, { deadline, trace, commandId }, command);
  const finish = (commit: boolean) =>
    Promise.all(cells.map(cell => run(cell, { type: 'FinishTransaction', transaction, commit })));

  const prepared = await Promise.allSettled(
    parts.map(({ cell, writes }, i) => {
      const own = writes.map(({ write }) => write);
      const command = { type: 'PrepareTransaction', transaction, decider: home, writes: own } as const;
      return run(cell, command, `${transaction}.${i}`);
    }),
  );
  const failure = failureOf(parts, prepared);
  const isUnderWay = failure !== undefined && request !== undefined && holdsItems(deps, cells, transaction, request);
  // A client is told "no" only when it is decided: another attempt of the same call may be on its way to a "yes".
  const decided = await run(home, {
    ...({ type: 'DecideTransaction', transaction, commit: failure === undefined, cells } as const),
    ...(request && { request }),
  });
  if (decided.ok && decided.value.commit) {
    await finish(true).catch(unfinished);
    run(home, { type: 'ForgetTransactions', transactions: [transaction] }).catch(() => {});
    return failure === undefined ? writtenBy(parts, prepared) : undefined;
  }
  // Nobody waits longer for locks than until they are found to be abandoned.
  await finish(false).catch(() => {});
  if (!decided.ok) throw refusalError(decided);
  if (isUnderWay && !decided.value.isRepeated) throw inProgress();
  if (!decided.value.isRepeated)
    throw failure ?? cancelledBy(parts.flatMap(({ writes }) => writes.map(() => CONFLICT)));
  if (failure !== undefined && !isFinished(prepared)) throw inProgress();
  return undefined;
}

/** What was decided happens, be it later: the log that did not take its part must not say that nothing was changed. */
function unfinished(cause: unknown): never {
  if (!(cause instanceof LogUnavailable)) throw cause;
  throw new LogUnavailable('unknown', 'a transaction is decided, and not all of its parts are finished', { cause });
}

type Prepared = PromiseSettledResult<ItemResult<'PrepareTransaction'>>;

const CONFLICT: Refusal = {
  ...{ ok: false, code: 'TransactionConflictException' },
  message: 'Transaction is ongoing for the item',
};

/** Why not all parts could be prepared, if so: something that a client is told only once, of all writes. */
function failureOf(parts: readonly Part[], prepared: readonly Prepared[]): unknown {
  const failed = prepared.find(each => each.status === 'rejected');
  if (failed !== undefined) return failed.reason;
  const reasons: (Refusal | null)[] = parts.flatMap(({ writes }) => writes.map(() => null));
  let isRefused = false;
  for (const [i, each] of prepared.entries()) {
    if (each.status === 'rejected' || each.value.ok) continue;
    if (each.value.reasons === undefined) return refusalError(each.value);
    isRefused = true;
    parts[i]!.writes.forEach(({ index }, n) => {
      reasons[index] = each.value.ok ? null : (each.value.reasons?.[n] ?? null);
    });
  }
  return isRefused ? cancelledBy(reasons) : undefined;
}

const cancelledBy = (reasons: readonly (Refusal | null)[]) =>
  refusalError({
    ok: false,
    code: 'TransactionCanceledException',
    message: `Transaction cancelled, please refer cancellation reasons for specific reasons [${reasons.map(reasonCode).join(', ')}]`,
    reasons,
  });

function writtenBy(parts: readonly Part[], prepared: readonly Prepared[]): Written[] {
  const written: Written[] = [];
  for (const [i, each] of prepared.entries()) {
    if (each.status === 'rejected' || !each.value.ok) continue;
    const { value } = each.value;
    parts[i]!.writes.forEach(({ index }, n) => {
      written[index] = value[n]!;
    });
  }
  return written;
}

/** Whether another transaction, which has the same items and was committed, holds none of them any more. */
const isFinished = (prepared: readonly Prepared[]): boolean =>
  prepared.every(
    each =>
      each.status === 'fulfilled' &&
      (each.value.ok || each.value.reasons?.some(reason => reason?.code === CONFLICT.code) === false),
  );

/** Of each cell, the oldest ones. */
const LOOKED_AT_MAX = 1000;

/** Whether another transaction with the same token has something prepared, as it may be why this one was refused. */
const holdsItems = (
  { cellReplicas }: ItemDeps,
  cells: readonly number[],
  own: string,
  request: RequestToken,
): boolean =>
  cells.some(cell =>
    cellOf({ cellReplicas }, cell)
      .view.prepared(Number.MAX_SAFE_INTEGER, LOOKED_AT_MAX)
      .some(({ transaction }) => transaction !== own && transaction.startsWith(idPrefixOf(request))),
  );

const inProgress = () =>
  new AwsError(
    'TransactionInProgressException',
    400,
    'The transaction with the given request token is already in progress.',
  );
