import { seededRandom, silentLogger, systemClock } from '@stormglass/base';
import { keyHash, type PartitionDefinition } from '@stormglass/item-store';
import { keyBytes } from '@stormglass/items';
import { partitionOf, type TableCommand, type TableRecord } from '@stormglass/table-catalogue';
import { until } from '@stormglass/testing';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { type LocalCells, openLocalCells } from '../local-cells.ts';
import { countsIn } from './counts.ts';
import { planOf } from './plan.ts';
import { TableDriver } from './table-driver.ts';

const ACCOUNT = '123456789012';
const NAME = 'table';
const ITEMS = 400;
const MANY = 3000;
const about = { accountId: ACCOUNT, name: NAME };
const id = { name: 'id', type: 'S' } as const;

let local: LocalCells;
/** One in each of two zones. */
let drivers: readonly TableDriver[];
const sources = { clock: systemClock, random: seededRandom(3), logger: silentLogger };
const deadline = () => systemClock.monotonic() + 5000;

beforeEach(async () => {
  local = await openLocalCells(sources);
  const { catalogue, cells } = local;
  drivers = [1, 2].map(() => new TableDriver({ catalogue, cells, ...sources, intervalMs: 10 }));
});
afterEach(() => local.close());

async function tell(command: TableCommand): Promise<void> {
  expect(await local.catalogue.execute(command, { deadline: deadline() })).toMatchObject({ ok: true });
}

async function settle(): Promise<void> {
  while ([...local.catalogue.view.unsettled()].length > 0) await Promise.all(drivers.map(driver => driver.round()));
}

const table = (): TableRecord => local.catalogue.view.table(ACCOUNT, NAME)!;
const keyOf = (n: number) => ({ id: { S: `item ${n}` } });
const placeOf = (n: number) => partitionOf(table(), keyHash(keyBytes(keyOf(n).id)));

async function newTable(): Promise<void> {
  await tell({
    ...{ ...about, type: 'CreateTable', tableId: 't', attributes: [id], keys: [{ name: 'id', role: 'HASH' }] },
    ...{ billing: 'PAY_PER_REQUEST', tableClass: 'STANDARD', deletionProtection: false, tags: [] },
    ...{ policyRevision: '1', cells: [...local.cells.keys()] },
  });
  await settle();
}

async function put(from: number, to: number): Promise<void> {
  for (let n = from; n < to; n++) {
    const { id: partition, cell } = placeOf(n);
    const item = { ...keyOf(n), other: { S: `${n % 7}` }, ttl: { N: '9' } };
    const writes = [{ op: 'put', partition, item } as const];
    const result = await local.cells.get(cell)!.execute({ type: 'WriteItems', writes }, { deadline: deadline() });
    expect(result).toMatchObject({ ok: true, value: [{ ok: true }] });
  }
}

const partitionCounts = () => [...local.cells.values()].map(({ view }) => view.partitions().length);

describe('the driver of tables', () => {
  it('makes partitions, fills indexes and the time to live, and drops all of it', async () => {
    await newTable();
    expect(partitionCounts()).toEqual([4, 0, 0]);
    await put(0, ITEMS);
    const index = { name: 'by-other', keys: [{ name: 'other', role: 'HASH' }], projection: { type: 'ALL' } };
    const attributes = [{ name: 'other', type: 'S' } as const];
    await tell({ ...about, type: 'UpdateTable', attributes, indexes: [{ action: 'create', index }] });
    await tell({ ...about, type: 'Advance', tableId: 't', generation: table().generation, filled: [] });
    expect(table().globals).toMatchObject([{ status: 'CREATING', isBackfilling: true }]);
    await settle();
    expect(table().globals).toMatchObject([{ id: 1, status: 'ACTIVE', isBackfilling: false }]);
    const counts = countsIn(local.cells)(table());
    expect(counts.items).toBe(ITEMS);
    expect(counts.indexes.get(1)?.items).toBe(ITEMS);
    await tell({ ...about, type: 'UpdateTimeToLive', isEnabled: true, attribute: 'ttl' });
    await settle();
    expect(table().timeToLive).toEqual({ id: 2, attribute: 'ttl', status: 'ENABLED' });
    const views = table().partitions.map(place => ({ ...place, view: local.cells.get(place.cell)!.view }));
    const filled = views.flatMap(({ id: partition, view }) => view.indexCounts(partition));
    expect(filled.every(({ isComplete }) => isComplete)).toBe(true);

    await tell({ ...about, type: 'DeleteTable' });
    await settle();
    expect(local.catalogue.view.table(ACCOUNT, NAME)).toBeUndefined();
    expect(partitionCounts()).toEqual([0, 0, 0]);
  });

  it('splits a partition, after which every item is where the map says', async () => {
    await newTable();
    await put(0, ITEMS);
    const [first] = table().partitions;
    const at = Math.floor(first!.to / 2);
    await tell({ ...about, type: 'SplitPartition', tableId: 't', partition: first!.id, at, cell: 3 });
    await settle();
    expect(table().partitions.map(({ id: partition, cell, split }) => [partition, cell, split])).toEqual([
      [1, 1, undefined],
      [5, 3, undefined],
      [2, 1, undefined],
      [3, 1, undefined],
      [4, 1, undefined],
    ]);
    for (let n = 0; n < ITEMS; n++) {
      const { id: partition, cell } = placeOf(n);
      expect(local.cells.get(cell)!.view.get(partition, keyOf(n)).item).toContain(`"item ${n}"`);
    }
    expect(local.cells.get(1)!.view.partition(1)).toMatchObject({ from: 0, to: at });
    while ([...local.cells.values()].some(({ view }) => view.hasGarbage())) await drivers[0]!.round();
    expect(countsIn(local.cells)(table()).items).toBe(ITEMS);
    await put(ITEMS, ITEMS + 20);
  });

  it('splits a partition that is written all the while, and loses nothing', async () => {
    await newTable();
    await put(0, MANY);
    const [first] = table().partitions;
    await tell({ ...about, type: 'SplitPartition', tableId: 't', partition: first!.id, at: first!.to / 2, cell: 2 });
    const random = seededRandom(5);
    const values = new Map<number, string | undefined>(Array.from({ length: MANY }, (_, n) => [n, undefined]));
    let isOver = false;
    let writtenMeanwhile = 0;
    const writing = (async () => {
      while (!isOver) {
        const n = Math.floor(random.next() * MANY);
        const isGone = random.next() < 0.3;
        const { id: partition, cell } = placeOf(n);
        const item = { ...keyOf(n), v: { S: String(writtenMeanwhile) } };
        const write = isGone
          ? ({ op: 'delete', partition, key: keyOf(n) } as const)
          : ({ op: 'put', partition, item } as const);
        const result = await local.cells
          .get(cell)!
          .execute({ type: 'WriteItems', writes: [write] }, { deadline: deadline() });
        const [written] = (result as { value: readonly { ok: boolean; code?: string }[] }).value;
        if (written?.ok === true) values.set(n, isGone ? 'gone' : String(writtenMeanwhile));
        else expect(written?.code).toBe('Moved');
        writtenMeanwhile++;
      }
    })();
    await settle();
    isOver = true;
    await writing;
    expect(writtenMeanwhile).toBeGreaterThan(20);
    expect(table().partitions).toHaveLength(5);
    for (const [n, value] of values) {
      const { id: partition, cell } = placeOf(n);
      const { item } = local.cells.get(cell)!.view.get(partition, keyOf(n));
      const found = item === undefined ? 'gone' : JSON.parse(item).v?.S;
      expect(found, `item ${n}`).toBe(value);
    }
  });

  it('sweeps away what a late zone has made, and lets it set nothing back', async () => {
    await newTable();
    const stray: PartitionDefinition = { id: 99, table: 'gone', schema: { hash: id }, from: 0, to: 9, indexes: [] };
    const cell = local.cells.get(1)!;
    await cell.execute({ type: 'CreatePartition', definition: stray }, { deadline: deadline() });
    await tell({ ...about, type: 'UpdateTable', stream: 'KEYS_ONLY' });
    const [late] = planOf(table(), local.cells).changes;
    await settle();
    await tell({ ...about, type: 'UpdateTable', stream: null });
    await settle();
    expect(late?.command).toMatchObject({ type: 'SetPartition', partition: 1, settings: { stream: { id: 1 } } });
    await cell.execute(late!.command, { deadline: deadline() });
    expect([...local.catalogue.view.unsettled()]).toEqual([]);
    const { catalogue, cells } = local;
    await new TableDriver({ catalogue, cells, ...sources, intervalMs: 10 }).round();
    expect(cell.view.partition(99)).toBeUndefined();
    expect(cell.view.partition(1)?.stream).toBeUndefined();
    expect(cell.view.partition(1)?.generation).toBe(table().generation);
  });

  it('makes backups that outlive their table, and tables of them', async () => {
    await newTable();
    await put(0, ITEMS);
    const { bytes } = countsIn(local.cells)(table());
    await tell({ ...about, type: 'UpdateRecovery', isEnabled: true });
    await tell({ ...about, type: 'CreateBackup', backupName: 'own', suffix: '1' });
    const split = { ...about, type: 'SplitPartition', tableId: 't', partition: 1, at: 9, cell: 2 } as const;
    expect(await local.catalogue.execute(split, { deadline: deadline() })).toMatchObject({ ok: false });
    const backups = () => [...local.catalogue.view.backups()];
    while (backups().some(({ status }) => status !== 'AVAILABLE')) await Promise.all(drivers.map(each => each.round()));
    expect(backups()).toMatchObject([{ name: 'own', items: ITEMS, bytes }]);
    await put(ITEMS, ITEMS + 5);
    await tell({ ...about, type: 'DeleteTable' });
    await settle();
    expect(local.catalogue.view.table(ACCOUNT, NAME)).toBeUndefined();
    expect(backups()).toMatchObject([{ name: 'own' }, { name: 'table$DeletedTableBackup', items: ITEMS + 5 }]);

    const [own, last] = backups();
    const restore = { ...about, type: 'RestoreTable', tableId: 'r', policyRevision: '1' } as const;
    await tell({ ...restore, source: { backup: last!.id } });
    expect(table()).toMatchObject({ status: 'CREATING', restore: { backup: last!.stamp } });
    await settle();
    expect(table()).toMatchObject({ status: 'ACTIVE' });
    expect(table().restore?.sources).toBeUndefined();
    expect(countsIn(local.cells)(table()).items).toBe(ITEMS + 5);
    await put(ITEMS, ITEMS + 9);

    for (const { id: backup } of [own!, last!]) await tell({ accountId: ACCOUNT, type: 'DeleteBackup', backup });
    await Promise.all(drivers.map(each => each.round()));
    expect([...local.cells.values()].flatMap(({ view }) => view.past.backups())).toEqual([]);
  });

  it('makes tables of what there was before a partition was split', async () => {
    await newTable();
    await tell({ ...about, type: 'UpdateRecovery', isEnabled: true });
    await settle();
    await put(0, ITEMS);
    const at = systemClock.now();
    const { items, bytes } = countsIn(local.cells)(table());
    await until('another moment', () => systemClock.now() > at);
    const [first] = table().partitions;
    const split = { partition: first!.id, at: Math.floor(first!.to / 2), cell: 3 };
    await put(ITEMS, ITEMS + 20);
    await tell({ ...about, type: 'SplitPartition', tableId: 't', ...split });
    await settle();
    while ([...local.cells.values()].some(({ view }) => view.hasGarbage())) await drivers[0]!.round();
    await put(ITEMS + 20, ITEMS + 40);
    const restored = async (name: string, when?: number) => {
      const source = { tableName: NAME, ...(when !== undefined && { at: when }) };
      const { accountId } = about;
      await tell({ type: 'RestoreTable', accountId, name, tableId: name, policyRevision: '1', source });
      await settle();
      return local.catalogue.view.table(ACCOUNT, name)!;
    };
    const past = await restored('past', at);
    expect(past.partitions).toHaveLength(4);
    expect(countsIn(local.cells)(past)).toMatchObject({ items, bytes });
    const now = await restored('now');
    expect(now.partitions).toHaveLength(5);
    expect(countsIn(local.cells)(now).items).toBe(ITEMS + 40);
  });
});
