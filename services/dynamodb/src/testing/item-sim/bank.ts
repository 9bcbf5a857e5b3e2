/** Accounts with money that transactions move, all of which is there at every moment. */
import type { Random } from '@stormglass/base';
import { randomInt } from '@stormglass/base';
import type { Item } from '@stormglass/items';
import type { ItemAction } from '../../data/write-items.ts';
import { twoOf } from './registers.ts';
import type { SimClient } from './sim-client.ts';
import { keyOf, readTogether, write, writeTogether } from './table-calls.ts';
import type { Moment, Workload } from './workload.ts';

const ACCOUNTS = ['a1', 'a2', 'a3', 'a4', 'a5'];
const FIRST = 50;

export class Bank implements Workload {
  readonly #random: Random;
  readonly #problems: string[] = [];
  #count = 0;

  constructor({ random }: Moment) {
    this.#random = random;
  }

  async prepare(client: SimClient): Promise<void> {
    for (const id of ACCOUNTS)
      while ((await client.ask(write({ op: 'put', item: { ...keyOf(id), money: { N: `${FIRST}` } } }))).kind !== 'ok');
  }

  async step(client: SimClient): Promise<void> {
    if (this.#random.next() < 0.4) return this.#countMoney(client);
    const [from, to] = twoOf(this.#random, ACCOUNTS);
    const amount = { ':n': { N: `${1 + randomInt(this.#random, 30)}` } };
    const take: ItemAction = {
      ...{ op: 'update', key: keyOf(from), update: { text: 'SET money = money - :n', values: amount } },
      condition: { text: 'money >= :n', values: amount },
    };
    const give: ItemAction = { op: 'update', key: keyOf(to), update: { text: 'ADD money :n', values: amount } };
    await client.ask(writeTogether([take, give], `transfer ${++this.#count}`));
  }

  async finish(client: SimClient): Promise<void> {
    await this.#countMoney(client);
  }

  problems(): string[] {
    return this.#problems;
  }

  async #countMoney(client: SimClient): Promise<void> {
    const answer = await client.ask(readTogether(ACCOUNTS));
    if (answer.kind !== 'ok') return;
    const money = answer.value.map(moneyIn);
    const total = money.reduce((sum, each) => sum + each, 0);
    if (total !== FIRST * ACCOUNTS.length || money.some(each => each < 0))
      this.#problems.push(`bank: ${money} are ${total} in place of ${FIRST * ACCOUNTS.length}`);
  }
}

const moneyIn = (item: Item | undefined): number => Number((item?.money as { readonly N: string } | undefined)?.N ?? 0);
