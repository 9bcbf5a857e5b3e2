/**
 * The ACME state: accounts, orders, their authorizations and challenges, and the nonces that have been used.
 *
 * I1  A key belongs to at most one account.
 * I2  Every authorization belongs to an order that lists it, of the same account; every order has all of its own.
 * I3  An order that is ready has all authorizations valid. No other way leads to a certificate.
 * I4  A nonce is accepted once, however many zones are asked.
 * I5  An order that is valid keeps its certificate; one that is invalid never gets one.
 * I6  A refused command changes nothing.
 * I7  Stored records never change; an update stores a new one. Snapshots share records with the running state.
 *
 * `state.property.test.ts` checks them after random commands.
 */
import type { ApplyContext, StateMachine } from '@stormglass/replicated-state';
import { applyAccounts } from './apply-accounts.ts';
import { applyOrders } from './apply-orders.ts';
import type { AcmeCommand, CommandOf } from './commands.ts';
import type { SnapshotRecord } from './records.ts';
import { type AcmeResult, refuse } from './result.ts';
import { AcmeTables } from './tables.ts';
import { AcmeView } from './view.ts';

type Appliers = {
  readonly [Type in AcmeCommand['type']]: (tables: AcmeTables, command: CommandOf<Type>, now: number) => AcmeResult;
};

// Complete, or it does not compile.
const APPLIERS: Appliers = { ...applyAccounts, ...applyOrders };

export class AcmeState implements StateMachine<AcmeCommand, AcmeResult, AcmeView> {
  readonly name = 'acme';
  readonly format = 1;
  readonly view: AcmeView;
  readonly #tables = new AcmeTables();
  #now = 0;

  constructor() {
    this.view = new AcmeView(this.#tables, () => this.#now);
  }

  apply({ now }: ApplyContext, command: AcmeCommand): AcmeResult {
    this.#now = now;
    this.#tables.prune(now);
    const type: string = command.type;
    // A newer build may have proposed it while this zone is still being deployed to.
    if (!Object.hasOwn(APPLIERS, type)) return refuse('serverInternal', `This replica does not know ${type}.`);
    // The table pairs each type with the applier of that type; TypeScript cannot follow the pairing through an index.
    const apply = APPLIERS[command.type] as (tables: AcmeTables, command: AcmeCommand, now: number) => AcmeResult;
    return apply(this.#tables, command, now);
  }

  snapshot(): Iterable<SnapshotRecord> {
    return this.#tables.freeze();
  }

  install(records: Iterable<unknown>): void {
    // Snapshots come from this class, in this format, checked by whoever carried them.
    this.#tables.replaceAll(records as Iterable<SnapshotRecord>);
  }
}
