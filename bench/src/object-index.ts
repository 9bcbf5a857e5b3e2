/**
 * What the index of S3 costs: commands applied, and pages of lists from few keys and from many.
 *
 *     node bench/src/object-index.ts [keys...]        (10000 1000000 unless said otherwise)
 *
 * Keys come in random order, 256 commands to a transaction, into a file in the system's folder for temporary files. More
 * than a million are filled in by SQL, in order, without bytes.
 * Pages of 1,000 begin at random keys. The aims: a page from ten million keys as fast as from ten thousand, and a 99th
 * percentile below 30 ms.
 */
import { mkdtemp, rm, stat } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type Random, randomInt, seededRandom, silentLogger } from '@stormglass/base';
import { type ObjectCommand, ObjectIndex, type PutObject } from '@stormglass/object-index';

const BATCH = 256;
const PAGE = 1_000;
const PAGES = 300;
const FOLDERS = 1_000;
/** No divisor of any count that is asked for. */
const PRIME = 7_919;
/** More keys than this are not put one by one. */
const PUT_MAX = 1_000_000;
/** Commands of a kind that are measured. */
const SOME = 50_000;
const BUCKET = 'bench';

/** A key for each number: folders of equal size, in order. */
const keyOf = (number: number): string =>
  `folder-${String(number % FOLDERS).padStart(4, '0')}/objects/of/some/length/${String(Math.floor(number / FOLDERS)).padStart(8, '0')}`;

/** Numbers below `count` in a random order: a multiplication that reaches each of them once. */
const shuffled = (number: number, count: number): number => (number * PRIME) % count;

function putOf(number: number): PutObject {
  const isInline = number % 4 !== 0;
  const id = number.toString(16).padStart(32, '0');
  return {
    type: 'PutObject',
    bucket: BUCKET,
    key: keyOf(number),
    versionId: id,
    owner: '123456789012',
    storageClass: 'STANDARD',
    metadata: {},
    headers: { 'content-type': 'application/octet-stream' },
    body: isInline
      ? { size: 100, inline: 'A'.repeat(272) }
      : { size: 1_000_000, blob: { id, size: 1_000_000, key: 'A'.repeat(80) } },
    etag: id,
    checksum: { algorithm: 'CRC32', value: 'AAAAAA==', type: 'FULL_OBJECT' },
    encryption: { kind: 'AES256' },
  };
}

async function applyAll(
  index: ObjectIndex,
  count: number,
  commandOf: (number: number) => ObjectCommand,
): Promise<string> {
  const began = process.threadCpuUsage();
  const start = performance.now();
  let longest = 0;
  for (let number = 0; number < count; ) {
    const batchStart = performance.now();
    const seq = (index.stored.position?.seq ?? 0) + 1;
    const now = 1_700_000_000_000 + seq;
    index.stored.begin();
    for (const end = Math.min(count, number + BATCH); number < end; number++) {
      const result = index.apply({ seq, now }, commandOf(number));
      if (!result.ok) throw new Error(result.message);
    }
    index.stored.commit({ logId: 'bench', seq, now, hash: 0 }, [], 0);
    longest = Math.max(longest, performance.now() - batchStart);
    await new Promise(setImmediate);
  }
  const ms = performance.now() - start;
  const { user, system } = process.threadCpuUsage(began);
  const each = (user + system) / count;
  return `${Math.round(count / (ms / 1000))}/s, ${each.toFixed(1)} us of CPU each, longest batch ${longest.toFixed(0)} ms`;
}

/** Times of one machine that does nothing else; on a busy one, those of the processor tell more. */
function measure(times: number, run: (round: number) => number): string {
  const taken: number[] = [];
  const busy: number[] = [];
  let told = 0;
  for (let round = 0; round < times; round++) {
    const start = performance.now();
    const began = process.threadCpuUsage();
    told += run(round);
    const { user, system } = process.threadCpuUsage(began);
    taken.push(performance.now() - start);
    busy.push((user + system) / 1000);
  }
  const show = (values: number[]): string => {
    values.sort((a, b) => a - b);
    const at = (share: number) => values[Math.min(times - 1, Math.floor(times * share))]!.toFixed(2);
    return `p50 ${at(0.5)} ms, p99 ${at(0.99)} ms`;
  };
  return `${show(taken)}, CPU ${show(busy)} (${Math.round(told / times)} a page)`;
}

function measureLists(index: ObjectIndex, count: number, random: Random): void {
  const { view } = index;
  const start = () => keyOf(randomInt(random, count));
  const told = (page: { items: readonly unknown[]; prefixes: readonly string[] }) =>
    page.items.length + page.prefixes.length;
  const show = (what: string, figures: string) => console.log(`  ${what.padEnd(34)} ${figures}`);
  show(
    'page of keys',
    measure(PAGES, () => told(view.list(BUCKET, { after: start(), limit: PAGE }))),
  );
  show(
    'page of keys below a folder',
    measure(PAGES, () => told(view.list(BUCKET, { prefix: start().slice(0, 12), limit: PAGE }))),
  );
  show(
    'page of folders',
    measure(PAGES, () => told(view.list(BUCKET, { delimiter: '/', limit: PAGE }))),
  );
  show(
    'page of versions',
    measure(PAGES, () => told(view.listVersions(BUCKET, { after: { key: start() }, limit: PAGE }))),
  );
  show(
    'an object',
    measure(PAGES * 10, () => (view.latest(BUCKET, start()) === undefined ? 0 : 1)),
  );
  show(
    'page of blobs',
    measure(PAGES, () => view.blobs(randomInt(random, count).toString(16).padStart(32, '0'), PAGE).length),
  );
}

/** Objects like the first one in all places that have none. */
async function fill(index: ObjectIndex, count: number): Promise<void> {
  const { stored } = index;
  for (let folder = 0; folder < FOLDERS; folder++) {
    stored.begin();
    stored
      .statement(
        `WITH RECURSIVE counted (i) AS (SELECT 0 UNION ALL SELECT i + 1 FROM counted WHERE i + 1 < ?)
         INSERT OR IGNORE INTO objects SELECT first.bucket, printf('folder-%04d/objects/of/some/length/%08d', ?, i), i,
         first.version, first.record FROM counted, (SELECT * FROM objects LIMIT 1) AS first`,
      )
      .run(Math.ceil(count / FOLDERS), folder);
    const seq = (stored.position?.seq ?? 0) + 1;
    stored.commit({ logId: 'bench', seq, now: 1_700_000_000_000, hash: 0 }, [], 0);
    await new Promise(setImmediate);
  }
}

async function run(count: number): Promise<void> {
  const folder = await mkdtemp(join(tmpdir(), 'object-index-'));
  try {
    const path = join(folder, 's3.sqlite');
    const index = ObjectIndex.open({ path, logger: silentLogger });
    console.log(`${count} keys`);
    const create: ObjectCommand = {
      type: 'CreateBucket',
      bucket: BUCKET,
      account: '123456789012',
      region: 'us-east-1',
    };
    await applyAll(index, 1, () => create);
    const put = (number: number) => putOf(shuffled(number, count));
    console.log(`  put                                ${await applyAll(index, count > PUT_MAX ? SOME : count, put)}`);
    if (count > PUT_MAX) await fill(index, count);
    measureLists(index, count, seededRandom(1));
    const some = Math.min(count, SOME);
    const again = (number: number): ObjectCommand => ({
      ...put(number),
      body: { size: 100, inline: 'A'.repeat(272) },
    });
    console.log(`  put over                           ${await applyAll(index, some, again)}`);
    const gone = (number: number): ObjectCommand => ({
      type: 'DeleteObjects',
      bucket: BUCKET,
      owner: '123456789012',
      objects: [{ key: keyOf(shuffled(number, count)), markerId: 'm' }],
    });
    console.log(`  delete                             ${await applyAll(index, some, gone)}`);
    await index.stored.close();
    const size = (await stat(path)).size / count;
    const start = performance.now();
    const opened = ObjectIndex.open({ path, logger: silentLogger });
    opened.view.list(BUCKET, { limit: PAGE });
    console.log(
      `  open and first page ${(performance.now() - start).toFixed(0)} ms; ${size.toFixed(0)} bytes a key on disk`,
    );
    await opened.stored.close();
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

const counts = process.argv.slice(2).map(Number);
for (const count of counts.length > 0 ? counts : [10_000, 1_000_000]) await run(count);
