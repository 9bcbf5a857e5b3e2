/** A cell in memory, or on the disk, for tests: on a clock that they turn, with short forms of common commands. */
import { silentLogger } from '@stormglass/base';
import type { Item } from '@stormglass/items';
import type { CommandOf, ItemCommand, Write } from '../commands.ts';
import { HASHES } from '../key-hash.ts';
import type { IndexDefinition, PartitionDefinition } from '../partition.ts';
import { PAGE_BYTES_MAX, readPage } from '../read-page.ts';
import type { ItemResult, Refusal, ValueOf, Written } from '../result.ts';
import { ItemStore } from '../state.ts';
import { rangeOfHashes } from '../stored-keys.ts';

export const KEYS = { hash: { name: 'pk', type: 'S' }, range: { name: 'sk', type: 'N' } } as const;
export const ALL_HASHES = { from: 0, to: HASHES };

export const PARTITION: PartitionDefinition = { id: 1, table: 'table', schema: KEYS, ...ALL_HASHES, indexes: [] };

export const BY_OWNER: IndexDefinition = {
  id: 1,
  name: 'by-owner',
  isLocal: false,
  schema: { hash: { name: 'owner', type: 'S' }, range: { name: 'age', type: 'N' } },
  projection: 'ALL',
};
export const LOCAL: IndexDefinition = {
  id: 2,
  name: 'local',
  isLocal: true,
  schema: { hash: KEYS.hash, range: { name: 'age', type: 'N' } },
  projection: ['owner'],
};
export const KEYS_ONLY: IndexDefinition = {
  id: 3,
  name: 'keys',
  isLocal: false,
  schema: { hash: { name: 'owner', type: 'S' } },
  projection: 'KEYS_ONLY',
};

export const key = (pk: string, sk = 0): Item => ({ pk: { S: pk }, sk: { N: String(sk) } });

/** Attributes as plain values. */
export const item = (pk: string, sk = 0, more: Readonly<Record<string, string | number>> = {}): Item => ({
  ...key(pk, sk),
  ...Object.fromEntries(
    Object.entries(more).map(([name, value]) => [
      name,
      typeof value === 'number' ? { N: String(value) } : { S: value },
    ]),
  ),
});

export class StoreRig {
  readonly store: ItemStore;
  /** Log time in ms. */
  now = 1_700_000_000_000;
  seq = 0;

  constructor(path = ':memory:') {
    this.store = ItemStore.open({ name: 'items-1', path, logger: silentLogger });
    this.seq = this.store.stored.position?.seq ?? 0;
    this.now = this.store.stored.position?.now ?? this.now;
  }

  /** With one partition that has all hashes. */
  static with(more: Partial<PartitionDefinition> = {}): StoreRig {
    const rig = new StoreRig();
    rig.create(more);
    return rig;
  }

  get view() {
    return this.store.view;
  }

  /** A second passes with every command. */
  apply<Type extends ItemCommand['type']>(command: CommandOf<Type>): ItemResult<Type> {
    this.now += 1000;
    return this.store.apply({ seq: ++this.seq, now: this.now }, command) as ItemResult<Type>;
  }

  /** The value of a command that is accepted. */
  done<Type extends ItemCommand['type']>(command: CommandOf<Type>): ValueOf<Type> {
    const result = this.apply<Type>(command);
    if (!result.ok) throw new Error(`${result.code}: ${result.message}`);
    return result.value;
  }

  /** The refusal of a command. */
  refused(command: ItemCommand): Refusal {
    const result = this.apply(command);
    if (result.ok) throw new Error('not refused');
    return result;
  }

  create(more: Partial<PartitionDefinition> = {}, isReceiving = false): void {
    this.done<'CreatePartition'>({ type: 'CreatePartition', definition: { ...PARTITION, ...more }, isReceiving });
  }

  attempt(write: Write): Written | Refusal {
    return this.done<'WriteItems'>({ type: 'WriteItems', writes: [write] })[0]!;
  }

  write(write: Write): Written {
    const result = this.attempt(write);
    if (!result.ok) throw new Error(`${result.code}: ${result.message}`);
    return result;
  }

  put(put: Item, partition = 1): Written {
    return this.write({ op: 'put', partition, item: put });
  }

  delete(key: Item, partition = 1): Written {
    return this.write({ op: 'delete', partition, key });
  }

  get(key: Item, partition = 1): Item | undefined {
    const { item } = this.view.get(partition, key);
    return item === undefined ? undefined : (JSON.parse(item) as Item);
  }

  /** All rows of a table or an index, in the order of scans. */
  rows(index?: number, partition = 1): Item[] {
    const { from, to } = this.view.partition(partition)!;
    const which = { partition, from, to, ...(index === undefined ? {} : { index }) };
    const cursor = this.view.cursor({ ...which, ...rangeOfHashes(0, HASHES) });
    const { rows } = readPage([cursor], { bytes: 1000 * PAGE_BYTES_MAX });
    return rows.map(row => JSON.parse(row.item) as Item);
  }

  /** Until nothing is left to collect. */
  collect(limit = 100): void {
    for (let isMore = true; isMore; ) isMore = this.done<'CollectGarbage'>({ type: 'CollectGarbage', limit }).isMore;
  }

  /** What all rows of all tables are. */
  rowsOfAll(): string {
    return JSON.stringify([...this.store.snapshot()]);
  }
}
