import { type Clock, seededRandom, silentLogger, skewed, systemClock } from '@stormglass/base';
import { HASHES, type ItemCommand, RECORD_MS } from '@stormglass/item-store';
import { until } from '@stormglass/testing';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { type LocalCells, openLocalCells } from '../local-cells.ts';
import { CellKeeper } from './cell-keeper.ts';

const ZONES = 3;
const CELL = 1;
const PARTITION = 1;
const SECOND_MS = 1000;

let aheadMs = 0;
/** The test drives what the time is; waiting is not affected. */
const clock: Clock = skewed(systemClock, () => aheadMs);
const sources = { clock, random: seededRandom(5), logger: silentLogger };
const deadline = () => clock.monotonic() + 5000;

let local: LocalCells;
/** In the order in which cell 1 is theirs. */
let keepers: readonly CellKeeper[];

beforeEach(async () => {
  aheadMs = 0;
  local = await openLocalCells(sources);
  keepers = [2, 0, 1].map(
    zone => new CellKeeper({ cellReplicas: local.cells, ...sources, zone, zones: ZONES, intervalMs: 5 }),
  );
  await run({
    type: 'CreatePartition',
    definition: {
      ...{ id: PARTITION, table: 't', schema: { hash: { name: 'id', type: 'S' } }, from: 0, to: HASHES, indexes: [] },
      timeToLive: { id: 1, attribute: 'ends' },
      stream: { id: 1, view: 'KEYS_ONLY' },
    },
  });
});
afterEach(() => local.close());

const cell = (number = CELL) => local.cells.get(number)!;
const view = () => cell().view;
const counts = () => view().counts(PARTITION).items;
const applied = () => [...local.cells.values()].map(replica => replica.applied);

async function run(command: ItemCommand, number = CELL): Promise<void> {
  expect(await cell(number).execute(command, { deadline: deadline() })).toMatchObject({ ok: true });
}
const put = (id: string, ends?: number) =>
  run({
    type: 'WriteItems',
    writes: [{ op: 'put', partition: PARTITION, item: { id: { S: id }, ...(ends && { ends: { N: String(ends) } }) } }],
  });
/** Time passes. What was proposed before a log has heard of it comes too late. */
async function pass(seconds: number): Promise<void> {
  aheadMs += seconds * SECOND_MS;
  for (const each of local.cells.values()) {
    const nothing = { type: 'ForgetTransactions', transactions: [] } as const;
    await until('time has passed', () => each.execute(nothing, { deadline: deadline() }));
  }
}
const inSeconds = (seconds: number) => Math.floor(clock.now() / SECOND_MS) + seconds;
const prepare = (id: string, decider: number) =>
  run({
    ...{ type: 'PrepareTransaction', transaction: `txn-${id}`, decider },
    writes: [{ op: 'put', partition: PARTITION, item: { id: { S: id } } }],
  });

describe('the keeper of a cell', () => {
  it('proposes nothing where there is nothing to do', async () => {
    await put('stays', inSeconds(1000));
    const before = applied();
    for (const keeper of keepers) await keeper.round(CELL, true);
    expect(applied()).toEqual(before);
  });

  it('deletes items whose time is over, in steps, marked as the service does', async () => {
    for (let n = 0; n < 250; n++) await put(`item ${n}`, inSeconds(100));
    await put('later', inSeconds(1000));
    await pass(101);
    const before = cell().applied;
    await keepers[0]!.round(CELL, false);
    expect(counts()).toBe(1);
    expect(cell().applied - before).toBe(3);
    const records = view().records(PARTITION, 1, 252, 1000, 1e9);
    expect(records.map(({ event, byService }) => [event, byService])).toEqual(Array(250).fill(['REMOVE', true]));
  });

  it('leaves work to the zone that goes first, for some seconds', async () => {
    await put('a', inSeconds(100));
    await pass(101);
    await keepers[1]!.round(CELL, false);
    await keepers[2]!.round(CELL, false);
    expect(counts()).toBe(1);
    await pass(4);
    await keepers[2]!.round(CELL, false);
    expect(counts()).toBe(1);
    await keepers[1]!.round(CELL, false);
    expect(counts()).toBe(0);
  });

  it('does not ask again and again for items that are locked', async () => {
    await put('locked', inSeconds(1));
    await prepare('locked', 2);
    await pass(2);
    await keepers[0]!.round(CELL, false);
    const asked = cell().applied;
    await keepers[0]!.round(CELL, false);
    expect(cell().applied).toBe(asked);
  });

  it('ends transactions that were left alone, as was decided, and forgets them', async () => {
    const decision = { type: 'DecideTransaction', commit: true, cells: [CELL] } as const;
    await prepare('decided', 2);
    await prepare('undecided', 3);
    await run({ ...decision, transaction: 'txn-decided' }, 2);
    await keepers[0]!.round(CELL, false);
    expect(counts()).toBe(0);
    await pass(6);
    await keepers[0]!.round(CELL, false);
    expect(counts()).toBe(1);
    expect(view().prepared(Number.MAX_SAFE_INTEGER, 10)).toEqual([]);
    expect(cell(2).view.committed(Number.MAX_SAFE_INTEGER, 10)).toHaveLength(1);
    await pass(10);
    await keepers[0]!.round(2, false);
    expect(cell(2).view.committed(Number.MAX_SAFE_INTEGER, 10)).toEqual([]);
    expect(cell(3).view.decision('txn-undecided')).toMatchObject({ commit: false });
    await pass(601);
    await keepers[0]!.round(3, true);
    expect(cell(3).view.decision('txn-undecided')).toBeUndefined();
  });

  it('lets go of old records and tokens', async () => {
    for (let n = 0; n < 120; n++) await put(`item ${n}`);
    await run({ type: 'TransactItems', writes: [], request: { token: 'token', digest: 'd' } });
    await pass(RECORD_MS / SECOND_MS + 10);
    await keepers[0]!.round(CELL, false);
    expect(view().oldestRecord(PARTITION, 1)).toBe(1);
    expect(view().hasOld(clock.now())).toBe(true);
    await keepers[0]!.round(CELL, true);
    expect(view().oldestRecord(PARTITION, 1)).toBe(121);
    expect(view().hasOld(clock.now())).toBe(false);
  });

  it('runs by itself, in every zone at once, until it is stopped', async () => {
    for (let n = 0; n < 30; n++) await put(`item ${n}`, inSeconds(1));
    await pass(20);
    for (const keeper of keepers) keeper.start();
    await until('nothing is left', () => counts() === 0);
    await Promise.all(keepers.map(keeper => keeper.stop()));
    expect(
      view()
        .records(PARTITION, 1, 1, 1000, 1e9)
        .filter(({ byService }) => byService),
    ).toHaveLength(30);
  });
});
