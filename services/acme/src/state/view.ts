/** Read access to the ACME state. */
import { statusOf } from './apply-orders.ts';
import type { AccountRecord, AuthorizationRecord, OrderRecord } from './records.ts';
import type { AcmeTables } from './tables.ts';

export type AuthorizationStatus = AuthorizationRecord['status'] | 'expired';

export class AcmeView {
  readonly #tables: AcmeTables;
  readonly #now: () => number;

  constructor(tables: AcmeTables, now: () => number) {
    this.#tables = tables;
    this.#now = now;
  }

  /** Log time of the newest command, in ms since the epoch. */
  get now(): number {
    return this.#now();
  }

  /** The key that seals nonces, base64; undefined until there is one. */
  get nonceKey(): string | undefined {
    return this.#tables.nonceKey;
  }

  account = (id: string): AccountRecord | undefined => this.#tables.accounts.get(id);
  accountOfKey = (thumbprint: string): AccountRecord | undefined => this.#tables.accountOfKey(thumbprint);
  order = (id: string): OrderRecord | undefined => this.#tables.orders.get(id);
  authorization = (id: string): AuthorizationRecord | undefined => this.#tables.authorizations.get(id);
  /** Ids of an account's orders, the oldest first. */
  ordersOf = (accountId: string): readonly string[] => [...this.#tables.ordersOf(accountId)];

  orderStatus = (order: OrderRecord): OrderRecord['status'] => statusOf(order, this.now);

  authorizationStatus = ({ status, expiresAt }: AuthorizationRecord): AuthorizationStatus =>
    (status === 'pending' || status === 'valid') && expiresAt <= this.now ? 'expired' : status;

  /** Orders whose certificate is being issued. */
  get issuing(): readonly string[] {
    return [...this.#tables.issuing];
  }
  /** Authorizations with a challenge that is being validated. */
  get validating(): readonly string[] {
    return [...this.#tables.validating];
  }
}
