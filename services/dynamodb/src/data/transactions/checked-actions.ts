/** What of a transaction can be judged before it begins, and whether that refuses the request or cancels the transaction. */
import { cancelled, type Refusal } from '@stormglass/item-store';
import {
  checkIndexKey,
  checkItemKey,
  checkKey,
  InvalidInput,
  type Item,
  itemSize,
  KeyMismatch,
} from '@stormglass/items';
import type { TableRecord } from '@stormglass/table-catalogue';
import { refusalError } from '../errors.ts';

/** The aggregate size of the items of a transaction (API Reference, TransactWriteItems). */
const TRANSACTION_BYTES_MAX = 4 * 1024 * 1024;

interface Keyed {
  readonly table: TableRecord;
  /** A key, or a whole item. */
  readonly key: Item;
  readonly isItem: boolean;
}

/**
 * Checks the keys of all parts. One that does not suit its table cancels the transaction; one that no table could have
 * (empty, too long) refuses the request.
 *
 * @throws AwsError TransactionCanceledException; InvalidInput
 */
export function checkKeys(parts: readonly Keyed[]): void {
  const reasons = parts.map(part =>
    mismatch(() => (part.isItem ? checkWhole(part) : checkKey(part.key, part.table.schema))),
  );
  if (reasons.some(reason => reason !== null)) throw refusalError(cancelled(reasons).refusal);
}

function checkWhole({ table, key: item }: Keyed): void {
  checkItemKey(item, table.schema);
  for (const { name, schema } of [...table.locals, ...table.globals].sort((a, b) => (a.name < b.name ? -1 : 1)))
    checkIndexKey(item, name, schema);
}

function mismatch(check: () => void): Refusal | null {
  try {
    check();
    return null;
  } catch (error) {
    if (!(error instanceof KeyMismatch)) throw error;
    return { ok: false, code: 'ValidationException', message: error.message };
  }
}

/** @param items items and keys @throws InvalidInput when they are too much for one transaction */
export const checkTransactionSize = (items: readonly Item[]): void =>
  checkTotal(items.reduce((sum, item) => sum + itemSize(item), 0));

/** @param found what a transaction has read @throws InvalidInput when it is too much for one */
export const checkReadSize = (found: readonly { readonly size: number }[]): void =>
  checkTotal(found.reduce((sum, { size }) => sum + size, 0));

function checkTotal(bytes: number): void {
  if (bytes > TRANSACTION_BYTES_MAX)
    throw new InvalidInput('The aggregate size of the items in the transaction cannot exceed 4 MB');
}
