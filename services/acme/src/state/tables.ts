/** The tables of the ACME state: everything by id, in the order it was made, and what follows from it. */
import { NONCE_REMEMBERED_MS, ORDER_REMEMBERED_MS } from './limits.ts';
import type { AccountRecord, AuthorizationRecord, OrderRecord, SnapshotRecord } from './records.ts';

export class AcmeTables {
  nonceKey: string | undefined;
  readonly accounts = new Map<string, AccountRecord>();
  readonly orders = new Map<string, OrderRecord>();
  readonly authorizations = new Map<string, AuthorizationRecord>();
  /** When each was used; the earliest first. */
  readonly nonces = new Map<string, number>();
  readonly #accountOfKey = new Map<string, string>();
  readonly #ordersOfAccount = new Map<string, Set<string>>();
  /** Orders whose certificate is being issued, and authorizations with a challenge that is being validated. */
  readonly issuing = new Set<string>();
  readonly validating = new Set<string>();

  accountOfKey = (thumbprint: string): AccountRecord | undefined =>
    this.accounts.get(this.#accountOfKey.get(thumbprint) ?? '');

  /** Ids of an account's orders, the oldest first. */
  ordersOf = (accountId: string): ReadonlySet<string> => this.#ordersOfAccount.get(accountId) ?? NONE;

  putAccount(account: AccountRecord): void {
    const before = this.accounts.get(account.id);
    if (before !== undefined) this.#accountOfKey.delete(before.thumbprint);
    this.accounts.set(account.id, account);
    this.#accountOfKey.set(account.thumbprint, account.id);
  }

  putOrder(order: OrderRecord): void {
    this.orders.set(order.id, order);
    mark(this.issuing, order.id, order.status === 'processing');
    const own = this.#ordersOfAccount.get(order.accountId) ?? new Set();
    this.#ordersOfAccount.set(order.accountId, own.add(order.id));
  }

  putAuthorization(authorization: AuthorizationRecord): void {
    const { id, status, challenges } = authorization;
    this.authorizations.set(id, authorization);
    mark(this.validating, id, status === 'pending' && challenges.some(each => each.status === 'processing'));
  }

  /** Forgets what is old at log time `now`. */
  prune(now: number): void {
    for (const [nonce, usedAt] of this.nonces) {
      if (usedAt + NONCE_REMEMBERED_MS > now) break;
      this.nonces.delete(nonce);
    }
    for (const order of this.orders.values()) {
      if (order.createdAt + ORDER_REMEMBERED_MS > now) break;
      this.#forget(order);
    }
  }

  #forget({ id, accountId, authorizationIds }: OrderRecord): void {
    for (const authorizationId of authorizationIds) {
      this.authorizations.delete(authorizationId);
      this.validating.delete(authorizationId);
    }
    this.orders.delete(id);
    this.issuing.delete(id);
    const own = this.#ordersOfAccount.get(accountId);
    own?.delete(id);
    if (own?.size === 0) this.#ordersOfAccount.delete(accountId);
  }

  /** All records as of this call: they never change, so copying the lists of them is enough. */
  freeze(): SnapshotRecord[] {
    const rows = <Row>(table: ReadonlyMap<string, Row>) => [...table.values()];
    return [
      ...(this.nonceKey === undefined ? [] : [{ table: 'nonce-key', record: this.nonceKey } as const]),
      ...rows(this.accounts).map(record => ({ table: 'account', record }) as const),
      ...rows(this.orders).map(record => ({ table: 'order', record }) as const),
      ...rows(this.authorizations).map(record => ({ table: 'authorization', record }) as const),
      ...[...this.nonces].map(([nonce, usedAt]) => ({ table: 'nonce', record: { nonce, usedAt } }) as const),
    ];
  }

  replaceAll(records: Iterable<SnapshotRecord>): void {
    this.nonceKey = undefined;
    for (const table of [this.accounts, this.orders, this.authorizations, this.nonces]) table.clear();
    for (const index of [this.#accountOfKey, this.#ordersOfAccount, this.issuing, this.validating]) index.clear();
    for (const { table, record } of records) {
      if (table === 'nonce-key') this.nonceKey = record;
      else if (table === 'account') this.putAccount(record);
      else if (table === 'order') this.putOrder(record);
      else if (table === 'authorization') this.putAuthorization(record);
      else this.nonces.set(record.nonce, record.usedAt);
    }
  }
}

const NONE: ReadonlySet<string> = new Set();

function mark(set: Set<string>, id: string, isIn: boolean): void {
  if (isIn) set.add(id);
  else set.delete(id);
}
