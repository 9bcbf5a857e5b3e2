/**
 * Random commands against a cell on the disk and a naive table: both answer the same and have the same, whatever is taken
 * back, closed and opened again, or copied in between. Cites the invariants of `state.ts`.
 */
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pick, type Random, randomInt, seededRandom } from '@stormglass/base';
import { type Item, itemSize } from '@stormglass/items';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { CheckItem, ItemCommand, Write } from './commands.ts';
import type { IndexDefinition } from './partition.ts';
import { PAGE_BYTES_MAX, readPage } from './read-page.ts';
import { rangeOfCondition } from './stored-keys.ts';
import { addToAge, canonical, IF_NEW, ifAge, NaiveTable, nameOf, setOwner } from './testing/naive-table.ts';
import { ALL_HASHES, BY_OWNER, item, KEYS_ONLY, key, LOCAL, PARTITION, StoreRig } from './testing/store-rig.ts';

const SEEDS = [1, 2, 3, 4];
const COMMANDS = Number(process.env.ITEM_STORE_COMMANDS ?? 150);
const TTL = { id: 9, attribute: 'ends' };
/** Local indexes stay, as they are made with their table. */
const GLOBAL = [BY_OWNER, KEYS_ONLY];

let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'item-store-'));
});
afterAll(() => rm(folder, { recursive: true, force: true }));

/** What both sides are, and what the test knows of indexes: numbers are never used again. */
class Run {
  rig: StoreRig;
  model = new NaiveTable();
  globals: readonly IndexDefinition[] = [BY_OWNER];
  /** Their names in commands. */
  readonly transactions = new Map(['t1', 't2', 't3'].map(name => [name, name]));
  readonly seen = new Map<string, number>();
  #lastIndex = 10;

  constructor(path: string) {
    this.rig = new StoreRig(path);
  }

  get settings() {
    const stream = { id: 1, view: 'NEW_AND_OLD_IMAGES' } as const;
    return { indexes: [LOCAL, ...this.globals], timeToLive: TTL, stream };
  }

  nextGlobals(random: Random): IndexDefinition[] {
    const kept = this.globals.filter(() => random.next() < 0.5);
    return kept.length === 2 ? kept : [...kept, { ...pick(random, GLOBAL), id: ++this.#lastIndex }];
  }
}

function randomItem(random: Random, now: number): Item {
  return item(pick(random, ['a', 'b', 'c']), randomInt(random, 5), {
    ...(random.next() < 0.7 ? { owner: pick(random, ['x', 'y']) } : {}),
    ...(random.next() < 0.7 ? { age: randomInt(random, 3) } : {}),
    ...(random.next() < 0.3 ? { ends: Math.floor(now / 1000) + randomInt(random, 100) } : {}),
    ...(random.next() < 0.2 ? { more: 'x'.repeat(randomInt(random, 3000)) } : {}),
  });
}

function randomWrite(random: Random, now: number): Write {
  const put = randomItem(random, now);
  const at = { partition: 1, key: key((put.pk as { S: string }).S, Number((put.sk as { N: string }).N)) };
  const condition =
    random.next() < 0.6 ? {} : { condition: random.next() < 0.3 ? IF_NEW : ifAge(randomInt(random, 3)) };
  const update = random.next() < 0.5 ? addToAge(1) : setOwner(pick(random, ['x', 'y']));
  return pick<Write>(random, [
    { op: 'put', partition: 1, item: put, ...condition },
    { op: 'put', partition: 1, item: put, ...condition },
    { op: 'delete', ...at, ...condition },
    { op: 'update', ...at, update, ...condition },
  ]);
}

/** Some writes, often of different items. */
function randomWrites(random: Random, now: number): (Write | CheckItem)[] {
  const writes = Array.from({ length: 1 + randomInt(random, 3) }, () => randomWrite(random, now));
  return writes.map(write =>
    write.op === 'delete' && random.next() < 0.5
      ? { op: 'check', partition: 1, key: write.key, condition: write.condition ?? IF_NEW }
      : write,
  );
}

/** A command and what the model makes of it. */
function step(random: Random, run: Run): { readonly command: ItemCommand; readonly outcome: string } {
  const { model, rig } = run;
  const now = rig.now + 1000;
  // One that was carried out is never prepared again.
  const [name, transaction] = pick(random, [...run.transactions]);
  const writes = randomWrites(random, now);
  const choice = randomInt(random, 20);
  if (choice < 9) {
    const several = Array.from({ length: 1 + randomInt(random, 2) }, () => randomWrite(random, now));
    return { command: { type: 'WriteItems', writes: several }, outcome: several.map(w => model.write(w)).join() };
  }
  if (choice < 12) return { command: { type: 'TransactItems', writes }, outcome: model.transact(writes) };
  if (choice < 14)
    return {
      command: { type: 'PrepareTransaction', transaction, decider: 1, writes },
      outcome: model.prepare(transaction, writes),
    };
  if (choice < 16) {
    const commit = random.next() < 0.7;
    if (commit && model.prepared.has(transaction)) run.transactions.set(name, `${transaction}'`);
    model.finish(transaction, commit);
    return { command: { type: 'FinishTransaction', transaction, commit }, outcome: 'ok' };
  }
  if (choice === 16) {
    model.expire(({ ends }) => ends !== undefined && Number((ends as { N: string }).N) <= Math.floor(now / 1000));
    return { command: { type: 'ExpireItems', partition: 1, limit: 1000 }, outcome: 'ok' };
  }
  if (choice === 17) {
    run.globals = run.nextGlobals(random);
    return { command: { type: 'SetPartition', partition: 1, settings: run.settings }, outcome: 'ok' };
  }
  const index = pick(random, run.settings.indexes).id;
  const limit = 1 + randomInt(random, 10);
  return {
    command: choice === 18 ? { type: 'BackfillIndex', partition: 1, index, limit } : { type: 'CollectGarbage', limit },
    outcome: 'ok',
  };
}

function outcomeOf(rig: StoreRig, command: ItemCommand): string {
  const result = rig.apply(command);
  if (!result.ok) return /\[.*\]/.exec(result.message)?.[0] ?? result.code;
  if (command.type !== 'WriteItems') return 'ok';
  return (result.value as readonly ({ ok: true } | { ok: false; code: string })[])
    .map(each => (each.ok ? 'ok' : each.code))
    .join();
}

const sorted = (items: readonly Item[]): string[] => items.map(canonical).sort();

function checkAll(run: Run): void {
  const { rig, model } = run;
  const { view } = rig;
  const items = [...model.items.values()];
  expect(sorted(rig.rows()), 'K1').toEqual(sorted(items));
  for (const each of items) expect(canonical(rig.get(keyOf(each)))).toBe(canonical(each));
  const bytes = (all: readonly Item[]) => all.reduce((sum, each) => sum + itemSize(each), 0);
  expect({ ...view.counts(1) }, 'K3').toEqual({ items: items.length, bytes: bytes(items) });
  for (const { index, isComplete, ...counts } of view.indexCounts(1)) {
    const definition = run.settings.indexes.find(({ id }) => id === index);
    if (definition === undefined || !isComplete) continue;
    const entries = model.entries(definition, PARTITION);
    expect(sorted(rig.rows(index)), 'K2').toEqual(sorted(entries));
    expect(counts, 'K3').toEqual({ items: entries.length, bytes: bytes(entries) });
  }
  checkCollections(run);
  const locked = [...model.prepared.values()].flat().map(({ name }) => name);
  const names = ['a', 'b', 'c'].flatMap(pk => [0, 1, 2, 3, 4].map(sk => key(pk, sk)));
  for (const each of names) expect(view.get(1, each).isLocked, 'K5').toBe(locked.includes(nameOf(each)));
  const replayed = new Map<string, string>();
  const records = view.records(1, 1, 1, 1_000_000, 1e9);
  expect(
    records.map(({ seq }) => seq),
    'K7',
  ).toEqual(records.map((_, i) => i + 1));
  for (const { keys, before, after } of records) {
    expect(replayed.get(keys), 'K7').toBe(before === undefined ? undefined : canonical(JSON.parse(before)));
    if (after === undefined) replayed.delete(keys);
    else replayed.set(keys, canonical(JSON.parse(after)));
  }
  expect([...replayed.values()].sort(), 'K7').toEqual(sorted(items));
  expect(records).toHaveLength(model.changes);
}

const keyOf = ({ pk, sk }: Item): Item => ({ pk: pk!, sk: sk! });

function checkCollections({ rig, model }: Run): void {
  for (const pk of ['a', 'b', 'c']) {
    const isOf = (each: Item) => (each.pk as { S: string }).S === pk;
    const all = [...[...model.items.values()], ...model.entries(LOCAL, PARTITION)].filter(isOf);
    const bytes = all.reduce((sum, each) => sum + itemSize(each), 0);
    expect(rig.view.collectionBytes(1, key(pk)), 'K3').toBe(bytes);
  }
}

/** A query in pages of random length is what filtering and sorting gives. */
function checkQuery(random: Random, { rig, model }: Run): void {
  const pk = pick(random, ['a', 'b', 'c']);
  const isReverse = random.next() < 0.5;
  const limit = 1 + randomInt(random, 3);
  const found: string[] = [];
  const query = { partition: 1, ...ALL_HASHES, ...rangeOfCondition({ hash: { S: pk } }), isReverse, limit };
  for (let isCut = true, more = {}; isCut; ) {
    const page = readPage([rig.view.cursor({ ...query, ...more })], { limit, bytes: PAGE_BYTES_MAX });
    found.push(...page.rows.map(row => canonical(JSON.parse(row.item))));
    const last = page.rows.at(-1);
    if (last !== undefined) more = { after: rig.view.position(1, undefined, keyOf(JSON.parse(last.item))) };
    isCut = page.isCut;
  }
  const number = ({ sk }: Item) => Number((sk as { N: string }).N);
  const wanted = [...model.items.values()]
    .filter(each => (each.pk as { S: string }).S === pk)
    .sort((a, b) => number(a) - number(b));
  expect(found).toEqual((isReverse ? wanted.reverse() : wanted).map(canonical));
}

/** Applies some commands as one batch, which may be taken back. */
function batch(random: Random, run: Run): void {
  const { rig } = run;
  const { stored } = rig.store;
  const before = { model: run.model.clone(), globals: run.globals, seq: rig.seq, now: rig.now };
  stored.begin();
  for (let left = 1 + randomInt(random, 4); left > 0; left--) {
    const refusedRows = changedRows(rig);
    const { command, outcome } = step(random, run);
    expect(outcomeOf(rig, command), JSON.stringify(command)).toBe(outcome);
    run.seen.set(`${command.type} ${outcome}`, (run.seen.get(`${command.type} ${outcome}`) ?? 0) + 1);
    if (!/ok/.test(outcome)) expect(changedRows(rig), 'K4').toBe(refusedRows);
  }
  if (random.next() < 0.1) {
    stored.rollback(new Error('no'));
    [run.model, run.globals, rig.seq, rig.now] = [before.model, before.globals, before.seq, before.now];
  } else stored.commit({ logId: 'log', seq: rig.seq, now: rig.now, hash: 0 }, [], 0);
}

/** How many rows were ever changed: what changes none stores nothing. */
const changedRows = (rig: StoreRig) => rig.store.stored.statement('SELECT total_changes() AS n').get()?.n;

describe.each(SEEDS)('seed %i', seed => {
  it('does what a naive table does', async () => {
    const random = seededRandom(seed);
    const path = join(folder, `${seed}.sqlite`);
    const run = new Run(path);
    run.rig.create(run.settings);
    for (let count = 1; count <= COMMANDS; count++) {
      batch(random, run);
      if (count % 5 === 0) checkQuery(random, run);
      if (count % 25 === 0) checkAll(run);
      if (random.next() < 0.02) {
        const { seq, now } = run.rig;
        await run.rig.store.stored.close();
        run.rig = new StoreRig(path);
        expect(run.rig.store.stored.position).toMatchObject({ seq, now });
      }
    }
    checkAll(run);
    // Commands that are never taken would prove nothing.
    for (const type of ['WriteItems ok', 'TransactItems ok', 'PrepareTransaction ok', 'ExpireItems ok'])
      expect(run.seen.get(type) ?? 0, type).toBeGreaterThan(0);
    await goOnFromCopy(random, run, join(folder, `${seed}-copy.sqlite`));
    await run.rig.store.stored.close();
  });
});

/** A zone that is sent the file answers from there on as the one that sent it. */
async function goOnFromCopy(random: Random, run: Run, path: string): Promise<void> {
  const copy = await run.rig.store.stored.copy();
  const other = new StoreRig(path);
  await other.store.stored.replace(copy.bytes, copy.position);
  await copy.discard();
  [other.seq, other.now] = [run.rig.seq, run.rig.now];
  expect(other.rowsOfAll()).toBe(run.rig.rowsOfAll());
  for (let count = 0; count < 30; count++) {
    const { command } = step(random, run);
    expect(other.apply(command)).toEqual(run.rig.apply(command));
  }
  expect(other.rowsOfAll()).toBe(run.rig.rowsOfAll());
  await other.store.stored.close();
}
