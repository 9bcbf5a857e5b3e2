/** Lists in items, appended to and read by transactions, are as if each transaction had happened at one moment. */
import { explainLists, type ListTransaction } from '@stormglass/testing';
import type { Operation } from '../history.ts';
import { type Checker, finding } from './checker.ts';

/** What an operation on lists did, as its value holds it: JSON of what it appended, and of what it read. */
export type ListWork = Pick<ListTransaction, 'appends' | 'reads'>;

export const itemListsAreSerializable: Checker = entries => {
  const history: ListTransaction[] = [];
  /** Reads of one item see transactions item by item. */
  const single: ListTransaction[] = [];
  for (const entry of entries) {
    if (entry.type !== 'operation' || (entry.action !== 'transact' && entry.action !== 'find-list')) continue;
    const transaction = transactionOf(entry);
    if (transaction.appends.length === 0 && transaction.outcome !== 'ok') continue;
    if (entry.action === 'transact') history.push(transaction);
    else single.push(transaction);
  }
  const all = [...history, ...single];
  const keys = new Set(all.flatMap(({ appends, reads }) => [...appends, ...reads].map(({ key }) => key)));
  const alone = [...keys].flatMap(key => explainLists(all.flatMap(each => only(each, key))));
  const problems = new Set([...explainLists(history), ...alone]);
  return finding('serializable lists', all.length, [...problems], { lists: keys.size, operations: all.length });
};

function transactionOf({ process, from, until, outcome, refusal, value = '{}' }: Operation): ListTransaction {
  const { appends = [], reads = [] } = JSON.parse(value) as Partial<ListWork>;
  const isKnown = outcome !== 'unknown';
  const name = `${process} at ${from.toFixed(0)}`;
  const ended = outcome === 'fail' || refusal !== undefined ? 'failed' : outcome;
  return { name, from, until: isKnown ? until : Number.POSITIVE_INFINITY, outcome: ended, appends, reads };
}

/** What of a transaction is about one list. */
function only(transaction: ListTransaction, key: string): ListTransaction[] {
  const appends = transaction.appends.filter(append => append.key === key);
  const reads = transaction.reads.filter(read => read.key === key);
  return appends.length + reads.length === 0 ? [] : [{ ...transaction, appends, reads }];
}
