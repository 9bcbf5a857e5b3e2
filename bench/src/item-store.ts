/**
 * What a cell of the key-value store costs, without its log: writes applied, and reads, with few items and with many.
 *
 *     node bench/src/item-store.ts [items...]        (10000 1000000 unless said otherwise)
 *
 * Items of 200 bytes (as DynamoDB counts) come in random order, 64 commands to a transaction, into a file in the system's
 * folder for temporary files. The aims: above 20,000 gets and 15,000 puts a second on one core, flat in the number of items.
 */
import { mkdtemp, rm, stat } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type Random, randomInt, seededRandom, silentLogger } from '@stormglass/base';
import {
  HASHES,
  type ItemCommand,
  ItemStore,
  PAGE_BYTES_MAX,
  type PartitionDefinition,
  rangeOfCondition,
  rangeOfHashes,
  readPage,
  type Write,
} from '@stormglass/item-store';
import type { Item } from '@stormglass/items';

const BATCH = 64;
/** Calls of a kind that are measured. */
const SOME = 50_000;
/** No divisor of any count that is asked for. */
const PRIME = 7_919;
/** Items of one hash key. */
const COLLECTION = 100;
const PAGES = 2_000;

const KEYS = { hash: { name: 'pk', type: 'S' }, range: { name: 'sk', type: 'N' } } as const;
const ALL = { from: 0, to: HASHES };
const PLAIN: PartitionDefinition = { id: 1, table: 'plain', schema: KEYS, ...ALL, indexes: [] };
const INDEXED: PartitionDefinition = {
  ...PLAIN,
  id: 2,
  indexes: [
    { id: 1, name: 'by-owner', isLocal: false, schema: { hash: { name: 'owner', type: 'S' } }, projection: 'ALL' },
  ],
  stream: { id: 1, view: 'NEW_AND_OLD_IMAGES' },
};

const keyOf = (number: number): Item => ({
  pk: { S: `customer-${String(Math.floor(number / COLLECTION)).padStart(8, '0')}` },
  sk: { N: String(number % COLLECTION) },
});

/** 200 bytes, a few less for small numbers. */
const itemOf = (number: number, round: number): Item => ({
  ...keyOf(number),
  owner: { S: `owner-${number % 997}` },
  round: { N: String(round + 1) },
  text: { S: 'some words '.repeat(13) },
});

/** Numbers below `count` in a random order: a multiplication that reaches each of them once. */
const shuffled = (number: number, count: number): number => (number * PRIME) % count;

const show = (what: string, figures: string): void => console.log(`  ${what.padEnd(38)} ${figures}`);

/** Rate by the clock and by the processor's time; on a busy machine the latter tells more. */
function rate(count: number, run: () => void): string {
  const start = performance.now();
  const began = process.threadCpuUsage();
  run();
  const { user, system } = process.threadCpuUsage(began);
  const ms = performance.now() - start;
  const each = (user + system) / count;
  return `${Math.round(count / (ms / 1000))}/s, ${each.toFixed(1)} us of CPU each (${Math.round(1e6 / each)}/s of it)`;
}

async function applyAll(store: ItemStore, count: number, commandOf: (number: number) => ItemCommand): Promise<string> {
  let [user, system, ms] = [0, 0, 0];
  for (let number = 0; number < count; ) {
    const start = performance.now();
    const began = process.threadCpuUsage();
    const seq = (store.stored.position?.seq ?? 0) + 1;
    const now = 1_700_000_000_000 + seq;
    store.stored.begin();
    for (const end = Math.min(count, number + BATCH); number < end; number++) {
      const result = store.apply({ seq, now }, commandOf(number));
      if (!result.ok) throw new Error(result.message);
    }
    store.stored.commit({ logId: 'bench', seq, now, hash: 0 }, [], 0);
    const used = process.threadCpuUsage(began);
    [user, system, ms] = [user + used.user, system + used.system, ms + performance.now() - start];
    await new Promise(setImmediate);
  }
  const each = (user + system) / count;
  return `${Math.round(count / (ms / 1000))}/s, ${each.toFixed(1)} us of CPU each (${Math.round(1e6 / each)}/s of it)`;
}

const writing = (write: Write): ItemCommand => ({ type: 'WriteItems', writes: [write] });

function measureReads(store: ItemStore, count: number, random: Random): void {
  const { view } = store;
  const get = () => view.get(1, keyOf(randomInt(random, count))).item?.length ?? 0;
  const missing = () => view.get(1, keyOf(count + randomInt(random, count))).size;
  const query = (index: boolean) => () => {
    const range = index
      ? rangeOfCondition({ hash: { S: `owner-${randomInt(random, 997)}` } })
      : rangeOfCondition({ hash: keyOf(randomInt(random, count)).pk! });
    const which = index ? { partition: 2, index: 1 } : { partition: 1 };
    const cursor = view.cursor({ ...which, ...range, ...ALL, limit: 100 });
    return readPage([cursor], { limit: 100, bytes: PAGE_BYTES_MAX }).rows.length;
  };
  const scan = () => {
    const from = randomInt(random, HASHES);
    const cursor = view.cursor({ partition: 1, ...rangeOfHashes(from, HASHES), ...ALL });
    return readPage([cursor], { bytes: PAGE_BYTES_MAX }).rows.length;
  };
  const repeat = (what: string, times: number, run: () => number) => {
    let told = 0;
    const figures = rate(times, () => {
      for (let i = 0; i < times; i++) told += run();
    });
    show(what, `${figures}; ${Math.round(told / times)} each`);
  };
  repeat('get (bytes of text)', SOME, get);
  repeat('get of nothing', SOME, missing);
  repeat('query of 100 (items)', PAGES, query(false));
  repeat('query of 100 of an index (items)', PAGES, query(true));
  repeat('scan of 1 MiB (items)', 50, scan);
}

async function run(count: number): Promise<void> {
  const folder = await mkdtemp(join(tmpdir(), 'item-store-'));
  try {
    const path = join(folder, 'items.sqlite');
    const store = ItemStore.open({ name: 'items-1', path, logger: silentLogger });
    console.log(`${count} items`);
    const some = Math.min(count, SOME);
    const definitions = [PLAIN, INDEXED];
    await applyAll(store, 2, number => ({ type: 'CreatePartition', definition: definitions[number]! }));
    const put = (partition: number, round: number, total: number) => (number: number) =>
      writing({ op: 'put', partition, item: itemOf(shuffled(number, total), round) });
    show('put', await applyAll(store, count, put(1, 0, count)));
    show('put over', await applyAll(store, some, put(1, 1, count)));
    const conditional = (number: number) => {
      const item = itemOf(shuffled(number, count), 2);
      const condition = { text: 'round = :r OR attribute_not_exists(pk)', values: { ':r': { N: '2' } } };
      return writing({ op: 'put', partition: 1, item, condition });
    };
    show('put over, on a condition', await applyAll(store, some, conditional));
    const update = (number: number) => {
      const update = { text: 'SET #t = :t ADD round :one', names: { '#t': 'text' }, values: UPDATE_VALUES };
      return writing({ op: 'update', partition: 1, key: keyOf(shuffled(number, count)), update, returns: 'ALL_NEW' });
    };
    show('update', await applyAll(store, some, update));
    show('put with an index and a stream', await applyAll(store, some, put(2, 0, some)));
    show('put over with an index and a stream', await applyAll(store, some, put(2, 1, some)));
    const transact = (number: number): ItemCommand => {
      const writes = [0, 1, 2, 3].map(i => ({
        op: 'put' as const,
        partition: 1,
        item: itemOf(shuffled((4 * number + i) % count, count), 3 + number),
      }));
      return { type: 'TransactItems', writes, request: { token: `token-${number}`, digest: 'digest' } };
    };
    show('transaction of 4 puts', await applyAll(store, Math.floor(some / 4), transact));
    measureReads(store, count, seededRandom(1));
    await store.stored.close();
    const size = (await stat(path)).size / (count + some);
    const start = performance.now();
    const opened = ItemStore.open({ name: 'items-1', path, logger: silentLogger });
    opened.view.get(1, keyOf(0));
    const memory = Math.round(process.memoryUsage().rss / 1024 ** 2);
    show('open and first get', `${(performance.now() - start).toFixed(0)} ms`);
    show('', `${size.toFixed(0)} bytes on disk for each item, changes of a stream included; ${memory} MiB of memory`);
    await opened.stored.close();
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

const UPDATE_VALUES: Item = { ':t': { S: 'other words '.repeat(12) }, ':one': { N: '1' } };

const counts = process.argv.slice(2).map(Number);
for (const count of counts.length > 0 ? counts : [10_000, 1_000_000]) await run(count);
