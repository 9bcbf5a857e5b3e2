/**
 * A table in plain maps, written without a look at the real one: what a cell must do, in few words. It knows two
 * conditions and two updates, which is enough to tell whether writes are done when they should be.
 */
import type { AttributeValue, Item } from '@stormglass/items';
import type { CheckItem, Write } from '../commands.ts';
import type { IndexDefinition } from '../partition.ts';

export const IF_NEW = { text: 'attribute_not_exists(pk)' };
export const ifAge = (age: number) => ({ text: 'age = :age', values: { ':age': { N: `${age}` } } });
export const addToAge = (by: number) => ({ text: 'ADD age :by', values: { ':by': { N: `${by}` } } });
export const setOwner = (owner: string) => ({
  text: 'SET #owner = :owner',
  names: { '#owner': 'owner' },
  values: { ':owner': { S: owner } },
});

const text = (value: AttributeValue | undefined): string => (value === undefined ? '' : Object.values(value).join());
export const nameOf = (item: Item): string => `${text(item.pk)} ${text(item.sk)}`;

interface Prepared {
  readonly name: string;
  readonly to: Item | undefined;
  readonly isCheck: boolean;
}

export class NaiveTable {
  items = new Map<string, Item>();
  prepared = new Map<string, readonly Prepared[]>();
  /** Changes that streams tell. */
  changes = 0;

  /** As it is now, for when it is set back. */
  clone(): NaiveTable {
    const copy = new NaiveTable();
    copy.items = new Map(this.items);
    copy.prepared = new Map(this.prepared);
    copy.changes = this.changes;
    return copy;
  }

  write(write: Write): string {
    const planned = this.#plan(write);
    if ('code' in planned) return planned.code;
    this.#set(planned);
    return 'ok';
  }

  transact(writes: readonly (Write | CheckItem)[]): string {
    const planned = this.#planAll(writes);
    if (typeof planned === 'string') return planned;
    for (const each of planned) this.#set(each);
    return 'ok';
  }

  prepare(transaction: string, writes: readonly (Write | CheckItem)[]): string {
    const planned = this.#planAll(writes);
    if (typeof planned === 'string') return planned;
    this.prepared.set(transaction, [...(this.prepared.get(transaction) ?? []), ...planned]);
    return 'ok';
  }

  finish(transaction: string, commit: boolean): void {
    if (commit) for (const each of this.prepared.get(transaction) ?? []) this.#set(each);
    this.prepared.delete(transaction);
  }

  isLocked(name: string): boolean {
    return [...this.prepared.values()].some(writes => writes.some(each => each.name === name));
  }

  /** Deletes what `isOver` says of. */
  expire(isOver: (item: Item) => boolean): void {
    for (const [name, item] of [...this.items])
      if (isOver(item) && !this.isLocked(name)) this.#set({ name, to: undefined, isCheck: false });
  }

  /** What an index of the items has, in no order. */
  entries({ schema, projection }: IndexDefinition, { schema: own }: { schema: IndexDefinition['schema'] }): Item[] {
    const keys = [schema.hash, ...(schema.range === undefined ? [] : [schema.range])];
    const names = [...keys, own.hash, ...(own.range === undefined ? [] : [own.range])].map(({ name }) => name);
    const more = typeof projection === 'string' ? [] : projection;
    return [...this.items.values()]
      .filter(item => keys.every(({ name, type }) => item[name] !== undefined && type in item[name]))
      .map(item =>
        projection === 'ALL'
          ? item
          : Object.fromEntries(Object.entries(item).filter(([name]) => [...names, ...more].includes(name))),
      );
  }

  #planAll(writes: readonly (Write | CheckItem)[]): Prepared[] | string {
    const plans = writes.map(write => this.#plan(write));
    const codes = plans.map(plan => ('code' in plan ? plan.code.replace(/Exception$/, '') : 'None'));
    if (codes.some(code => code !== 'None')) return `[${codes.join(', ')}]`;
    const planned = plans as Prepared[];
    return new Set(planned.map(({ name }) => name)).size < planned.length ? 'ValidationException' : planned;
  }

  #plan(write: Write | CheckItem): Prepared | { readonly code: string } {
    const key = write.op === 'put' ? write.item : write.key;
    const name = nameOf(key);
    if (this.isLocked(name)) return { code: 'TransactionConflictException' };
    const before = this.items.get(name);
    const { condition } = write;
    const age = condition?.values?.[':age'];
    const holds =
      condition === undefined || (age === undefined ? before === undefined : text(before?.age) === text(age));
    if (!holds) return { code: 'ConditionalCheckFailedException' };
    const isCheck = write.op === 'check';
    if (write.op === 'put') return { name, to: write.item, isCheck };
    if (write.op === 'delete') return { name, to: undefined, isCheck };
    if (write.op === 'check') return { name, to: before, isCheck };
    const { ':by': by, ':owner': owner } = write.update?.values ?? {};
    const sum = Number(text(before?.age)) + Number(text(by));
    const to: Item = {
      ...(before ?? write.key),
      ...(by === undefined ? {} : { age: { N: `${sum}` } }),
      ...(owner === undefined ? {} : { owner }),
    };
    return { name, to, isCheck };
  }

  #set({ name, to, isCheck }: Prepared): void {
    if (isCheck) return;
    const before = this.items.get(name);
    if (canonical(before) === canonical(to)) return;
    this.changes++;
    if (to === undefined) this.items.delete(name);
    else this.items.set(name, to);
  }
}

/** The same text for the same attributes, in whatever order. */
export const canonical = (item: Item | undefined): string =>
  item === undefined ? '' : JSON.stringify(Object.entries(item).sort(([a], [b]) => (a < b ? -1 : 1)));
