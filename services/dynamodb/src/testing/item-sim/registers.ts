/** Registers: items with one value, written, compared and set, deleted and read, alone and two in one transaction. */
import { pick, type Random } from '@stormglass/base';
import { explainRegister, type RegisterOperation } from '@stormglass/testing';
import type { ItemAction, ItemWrite } from '../../data/write-items.ts';
import type { Answer, SimClient } from './sim-client.ts';
import { failedConditions, keyOf, read, readTogether, write, writeTogether } from './table-calls.ts';
import type { Moment, Workload } from './workload.ts';

const KEYS = ['r1', 'r2', 'r3', 'r4'];
/** The value of a register that is not there. */
const NOTHING = '';

interface Swap {
  readonly key: string;
  readonly expected: string;
  readonly value: string;
}

export class Registers implements Workload {
  readonly #random: Random;
  readonly #now: () => number;
  readonly #histories = new Map<string, RegisterOperation[]>(KEYS.map(key => [key, []]));
  /** What was seen last, by anybody. */
  readonly #seen = new Map<string, string>();
  #count = 0;

  constructor({ random, now }: Moment) {
    this.#random = random;
    this.#now = now;
  }

  async step(client: SimClient): Promise<void> {
    const [key, other] = twoOf(this.#random, KEYS);
    const dice = this.#random.next();
    if (dice < 0.2) return this.#read(client, key);
    if (dice < 0.35) return this.#readBoth(client, [key, other]);
    if (dice < 0.45) return this.#put(client, key);
    if (dice < 0.75) return this.#swap(client, this.#newSwap(key));
    return this.#swapBoth(client, [this.#newSwap(key), this.#newSwap(other)]);
  }

  problems(): string[] {
    return [...this.#histories].flatMap(([key, history]) => {
      const problem = explainRegister(history, NOTHING);
      return problem === undefined ? [] : [`register ${key}: ${problem}`];
    });
  }

  #newSwap(key: string): Swap {
    const expected = this.#seen.get(key) ?? NOTHING;
    return { key, expected, value: expected !== NOTHING && this.#random.next() < 0.2 ? NOTHING : `${++this.#count}` };
  }

  async #read(client: SimClient, key: string): Promise<void> {
    const from = this.#now();
    const answer = await client.ask(read(key));
    if (answer.kind === 'ok') this.#saw(key, valueIn(answer.value), from);
  }

  async #readBoth(client: SimClient, keys: readonly string[]): Promise<void> {
    const from = this.#now();
    const answer = await client.ask(readTogether(keys));
    if (answer.kind !== 'ok') return;
    for (const [i, key] of keys.entries()) this.#saw(key, valueIn(answer.value[i]), from);
  }

  async #put(client: SimClient, key: string): Promise<void> {
    const from = this.#now();
    const value = `${++this.#count}`;
    const answer = await client.ask(write({ op: 'put', item: { ...keyOf(key), v: { S: value } } }), this.#isSimple());
    if (answer.kind !== 'refused') this.#wrote(answer, { kind: 'write', value, from }, key);
  }

  async #swap(client: SimClient, swap: Swap): Promise<void> {
    const from = this.#now();
    const answer = await client.ask(write(writeOf(swap) as ItemWrite), this.#isSimple());
    const failed = answer.kind === 'refused' && answer.error.code === 'ConditionalCheckFailedException';
    this.#swapped(answer, swap, from, failed);
  }

  async #swapBoth(client: SimClient, swaps: readonly Swap[]): Promise<void> {
    const from = this.#now();
    const isSimple = this.#isSimple();
    const token = isSimple ? undefined : `register ${++this.#count}`;
    const answer = await client.ask(writeTogether(swaps.map(writeOf), token), isSimple);
    const failed = answer.kind === 'refused' ? failedConditions(answer.error, swaps.length) : [];
    for (const [i, swap] of swaps.entries()) this.#swapped(answer, swap, from, failed[i] === true);
  }

  #swapped(answer: Answer<unknown>, { key, value, expected }: Swap, from: number, failed: boolean): void {
    if (failed) this.#histories.get(key)!.push({ kind: 'differs', value: expected, from, until: this.#now() });
    else if (answer.kind !== 'refused') this.#wrote(answer, { kind: 'swap', value, expected, from }, key);
  }

  #wrote({ kind }: Answer<unknown>, operation: Omit<RegisterOperation, 'until'>, key: string): void {
    const until = kind === 'ok' ? this.#now() : Number.POSITIVE_INFINITY;
    this.#histories.get(key)!.push({ ...operation, until });
    if (kind === 'ok') this.#seen.set(key, operation.value);
  }

  #saw(key: string, value: string, from: number): void {
    this.#histories.get(key)!.push({ kind: 'read', value, from, until: this.#now() });
    this.#seen.set(key, value);
  }

  #isSimple(): boolean {
    return this.#random.next() < 0.2;
  }
}

const valueIn = (item: Readonly<Record<string, unknown>> | undefined): string =>
  (item?.v as { readonly S: string } | undefined)?.S ?? NOTHING;

function writeOf({ key, expected, value }: Swap): ItemAction {
  const condition =
    expected === NOTHING ? { text: 'attribute_not_exists(id)' } : { text: 'v = :e', values: { ':e': { S: expected } } };
  if (value === NOTHING) return { op: 'delete', key: keyOf(key), condition };
  return { op: 'put', item: { ...keyOf(key), v: { S: value } }, condition };
}

/** Two different ones. */
export function twoOf<Each>(random: Random, all: readonly Each[]): [Each, Each] {
  const first = pick(random, all);
  return [
    first,
    pick(
      random,
      all.filter(each => each !== first),
    ),
  ];
}
