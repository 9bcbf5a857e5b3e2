import { seededRandom, silentLogger, systemClock } from '@stormglass/base';
import type { ItemCommand } from '@stormglass/item-store';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { type LocalCells, openLocalCells } from '../../local-cells.ts';
import { PARTITIONS, TABLE_RECORD } from '../../testing/item-sim/sim-table.ts';
import type { CellReplica, ItemDeps } from '../cells.ts';
import { placeOf } from '../cells.ts';
import { readTransaction } from './read-transaction.ts';

const KEYS = ['a1', 'a2'].map(id => ({ id: { S: id } }));
const PLACES = KEYS.map(key => placeOf(TABLE_RECORD, key));
const WANTED = KEYS.map(key => ({ table: TABLE_RECORD, key }));
const deadline = Number.POSITIVE_INFINITY;

let local: LocalCells;
beforeAll(async () => {
  local = await openLocalCells({ clock: systemClock, random: seededRandom(1), logger: silentLogger });
  for (const { cell, command } of PARTITIONS) await run(cell, command);
});
afterAll(() => local.close());

const run = (cell: number, command: ItemCommand) =>
  local.cells.get(cell)!.execute(command, { deadline: systemClock.monotonic() + 5000 });

const prepare = (n: number, transaction: string, value: string) =>
  run(PLACES[n]!.cell, {
    ...{ type: 'PrepareTransaction', transaction, decider: 1 },
    writes: [{ op: 'put', partition: PLACES[n]!.id, item: { ...KEYS[n]!, v: { S: value } } }],
  });
const finish = (n: number, transaction: string) =>
  run(PLACES[n]!.cell, { type: 'FinishTransaction', transaction, commit: true });

/** A zone to which something happens before its `n`-th time of catching up, from 0 on. */
function zoneWith(events: Readonly<Record<number, () => Promise<unknown>>>): ItemDeps {
  let count = 0;
  const cellReplicas = new Map(
    [...local.cells].map(([cell, { view }]) => [cell, { view, upToDate: async () => events[count++]?.() } as object]),
  );
  return { cellReplicas: cellReplicas as ReadonlyMap<number, CellReplica> } as ItemDeps;
}

it('reads over two cells', () => {
  expect(new Set(PLACES.map(({ cell }) => cell)).size).toBe(2);
});

it('refuses a locked item, in one cell as well', async () => {
  await prepare(0, 't1', 'one');
  const conflict = { code: 'TransactionCanceledException' };
  await expect(readTransaction(zoneWith({}), { deadline }, WANTED, 0)).rejects.toMatchObject(conflict);
  await expect(readTransaction(zoneWith({}), { deadline }, [WANTED[0]!], 0)).rejects.toMatchObject(conflict);
  await finish(0, 't1');
});

it('gives no half of a transaction of which this zone hears the other half late', async () => {
  await prepare(0, 't2', 'two');
  await finish(0, 't2');
  // The zone has the first cell's part already, and learns of the second one's only while it reads for the second time.
  const zone = zoneWith({ 2: () => prepare(1, 't2', 'two'), 4: () => finish(1, 't2') });
  const found = await readTransaction(zone, { deadline }, WANTED, 0);
  expect(found.map(({ item }) => JSON.parse(item ?? '{}').v)).toEqual([{ S: 'two' }, { S: 'two' }]);
});
