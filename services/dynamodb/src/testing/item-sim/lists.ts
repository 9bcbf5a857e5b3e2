/** Lists that grow: appended to alone and several in one transaction, on what others have, and read in the same ways. */
import { pick, type Random, randomInt } from '@stormglass/base';
import type { Item } from '@stormglass/items';
import { explainLists, type ListRead, type ListTransaction } from '@stormglass/testing';
import type { ItemAction } from '../../data/write-items.ts';
import type { Answer, SimClient } from './sim-client.ts';
import { keyOf, read, readTogether, write, writeTogether } from './table-calls.ts';
import type { Moment, Workload } from './workload.ts';

const KEYS = ['l1', 'l2', 'l3', 'l4', 'l5', 'l6'];

export class Lists implements Workload {
  readonly #random: Random;
  readonly #now: () => number;
  readonly #history: ListTransaction[] = [];
  /** Reads of one item, which see transactions item by item: each list by itself is as of one moment, not all of them. */
  readonly #single: ListTransaction[] = [];
  /** What was read last, by anybody. */
  readonly #known = new Map<string, readonly string[]>();
  #count = 0;

  constructor({ random, now }: Moment) {
    this.#random = random;
    this.#now = now;
  }

  async step(client: SimClient): Promise<void> {
    const dice = this.#random.next();
    if (dice < 0.15) return this.#readOne(client, pick(this.#random, KEYS));
    if (dice < 0.45) return this.#readSome(client, this.#some(1 + randomInt(this.#random, 4)));
    if (dice < 0.6) return this.#appendOne(client, pick(this.#random, KEYS));
    return this.#appendSome(client, this.#some(2 + randomInt(this.#random, 2)));
  }

  async finish(client: SimClient): Promise<void> {
    await this.#readSome(client, KEYS);
  }

  problems(): string[] {
    const together = explainLists(this.#history);
    const alone = KEYS.flatMap(key => explainLists([...this.#history, ...this.#single].map(each => only(each, key))));
    return [...new Set([...together, ...alone])].map(problem => `lists: ${problem}`);
  }

  async #readOne(client: SimClient, key: string): Promise<void> {
    const from = this.#now();
    const answer = await client.ask(read(key));
    if (answer.kind !== 'ok') return;
    const reads = [this.#saw(key, answer.value)];
    this.#single.push({ ...this.#entry(client, 'reads', from, answer), appends: [], reads });
  }

  async #readSome(client: SimClient, keys: readonly string[]): Promise<void> {
    const from = this.#now();
    const answer = await client.ask(readTogether(keys));
    if (answer.kind !== 'ok') return;
    const reads = keys.map((key, i) => this.#saw(key, answer.value[i]));
    this.#history.push({ ...this.#entry(client, 'reads', from, answer), appends: [], reads });
  }

  async #appendOne(client: SimClient, key: string): Promise<void> {
    const from = this.#now();
    const value = `${++this.#count}`;
    const append = { ...appendOf(key, value), returns: 'ALL_NEW' } as const;
    const answer = await client.ask(write(append), this.#random.next() < 0.2);
    const reads = answer.kind === 'ok' ? [this.#saw(key, answer.value)] : [];
    this.#history.push({ ...this.#entry(client, 'appends', from, answer), appends: [{ key, value }], reads });
  }

  /** Mostly on the condition that another list is as it was read: what was read and what is written belong together. */
  async #appendSome(client: SimClient, keys: readonly string[]): Promise<void> {
    const from = this.#now();
    const other = pick(
      this.#random,
      KEYS.filter(key => !keys.includes(key)),
    );
    const known = this.#random.next() < 0.5 ? this.#known.get(other) : undefined;
    const appends = keys.map(key => ({ key, value: `${++this.#count}` }));
    const actions: ItemAction[] = appends.map(({ key, value }) => appendOf(key, value));
    if (known !== undefined) actions.push(asRead(other, known));
    const isSimple = this.#random.next() < 0.2;
    const answer = await this.#insisting(client, actions, isSimple);
    const reads = known === undefined ? [] : [{ key: other, values: known }];
    this.#history.push({ ...this.#entry(client, 'transacts', from, answer), appends, reads });
    if (answer.kind === 'refused' && known !== undefined) this.#known.delete(other);
    // Nobody is as likely to notice what is not there yet as whoever wrote it.
    if (answer.kind === 'ok' && this.#random.next() < 0.5) await this.#readOne(client, pick(this.#random, keys));
  }

  /** Programs ask again with the same token when they got no answer. */
  async #insisting(client: SimClient, actions: readonly ItemAction[], isSimple: boolean): Promise<Answer<void>> {
    const token = isSimple ? undefined : `lists ${++this.#count}`;
    const first = await client.ask(writeTogether(actions, token), isSimple);
    if (isSimple || first.kind !== 'unknown' || this.#random.next() < 0.5) return first;
    const second = await client.ask(writeTogether(actions, token));
    // The first may still be under way.
    return second.kind === 'refused' ? first : second;
  }

  #entry({ name }: SimClient, what: string, from: number, { kind }: Answer<unknown>) {
    const until = kind === 'unknown' ? Number.POSITIVE_INFINITY : this.#now();
    const outcome = kind === 'refused' ? 'failed' : kind;
    return { name: `${name} ${what} at ${from.toFixed(0)}`, from, until, outcome } as const;
  }

  #saw(key: string, item: Item | undefined): ListRead {
    const values = valuesIn(item);
    this.#known.set(key, values);
    return { key, values };
  }

  #some(count: number): string[] {
    const left = [...KEYS];
    return Array.from({ length: count }, () => left.splice(randomInt(this.#random, left.length), 1)[0]!);
  }
}

const valuesIn = (item: Item | undefined): string[] =>
  ((item?.l as { readonly L: readonly { readonly S: string }[] } | undefined)?.L ?? []).map(({ S }) => S);

const appendOf = (key: string, value: string) => ({
  ...({ op: 'update', key: keyOf(key) } as const),
  update: {
    text: 'SET l = list_append(if_not_exists(l, :none), :new)',
    values: { ':none': { L: [] }, ':new': { L: [{ S: value }] } },
  },
});

/** That a list has no more than was read of it, which only ever grows. */
const asRead = (key: string, values: readonly string[]): ItemAction => ({
  ...{ op: 'check', key: keyOf(key) },
  condition:
    values.length === 0
      ? { text: 'attribute_not_exists(id)' }
      : { text: 'size(l) = :n', values: { ':n': { N: `${values.length}` } } },
});

/** What of a transaction is about one list. */
const only = (transaction: ListTransaction, key: string): ListTransaction => ({
  ...transaction,
  appends: transaction.appends.filter(append => append.key === key),
  reads: transaction.reads.filter(each => each.key === key),
});
