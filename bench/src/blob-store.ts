/**
 * Measures what the bytes of objects cost in one zone: digests, storing, reading and scrubbing, beside a bare stream to a
 * synced file as the limit:
 *
 *     node bench/src/blob-store.ts [--rounds n] [--folder PATH]
 *
 * CPU is of the process, and of the main thread alone; medians of the rounds, per MiB. Numbers of one machine on one day:
 * compare figures of the same run, nothing else.
 */
import { randomBytes } from 'node:crypto';
import { mkdtempSync, rmSync } from 'node:fs';
import { open } from 'node:fs/promises';
import { cpus, loadavg, tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { silentLogger, systemRandom } from '@stormglass/base';
import {
  type BlobRef,
  type BodyKey,
  DIGEST_NAMES,
  type DigestName,
  digestOf,
  LocalBytes,
  ObjectKeys,
  openBlobFiles,
  Sealers,
} from '@stormglass/blob-store';
import { table } from './page.ts';

const MIB = 1_048_576;
const KEY: BodyKey = { kind: 'region' };
/** As chunks come from a socket. */
const CHUNK_BYTES = 65_536;

const { values: flags } = parseArgs({
  options: { rounds: { type: 'string', default: '7' }, folder: { type: 'string', default: tmpdir() } },
});
const rounds = Number(flags.rounds);
const folder = mkdtempSync(join(flags.folder, 'stormglass-bench-blobs-'));
const keys = new ObjectKeys(randomBytes(32), systemRandom);
const files = await openBlobFiles({ folder: join(folder, 'objects'), logger: silentLogger });

interface Cost {
  readonly wall: number;
  readonly main: number;
  readonly all: number;
}

/** In microseconds. */
async function costOf(work: () => Promise<unknown>): Promise<Cost> {
  const [wall, main, all] = [performance.now(), process.threadCpuUsage(), process.cpuUsage()];
  await work();
  const [mainAfter, allAfter] = [process.threadCpuUsage(main), process.cpuUsage(all)];
  return {
    wall: (performance.now() - wall) * 1000,
    main: mainAfter.user + mainAfter.system,
    all: allAfter.user + allAfter.system,
  };
}

/** Medians per MiB; each round does `times` of `bytes`. */
async function measure(name: string, bytes: number, work: () => Promise<unknown>): Promise<readonly string[]> {
  const times = Math.max(1, Math.min(100, Math.floor((16 * MIB) / bytes)));
  const costs: Cost[] = [];
  for (let round = 0; round <= rounds; round++) {
    const cost = await costOf(async () => {
      for (let i = 0; i < times; i++) await work();
    });
    // The first one warms up.
    if (round > 0) costs.push(cost);
  }
  const median = (of: keyof Cost) => {
    const sorted = costs.map(cost => cost[of]).sort((a, b) => a - b);
    return ((sorted[Math.floor(sorted.length / 2)]! * MIB) / (times * bytes)).toFixed(0);
  };
  return [
    name,
    bytes < MIB ? `${bytes / 1024} KiB` : `${bytes / MIB} MiB`,
    median('wall'),
    median('main'),
    median('all'),
  ];
}

async function* chunks(body: Buffer, bytes: number): AsyncGenerator<Buffer> {
  for (let sent = 0; sent < bytes; sent += CHUNK_BYTES) {
    const at = sent % body.length;
    yield body.subarray(at, at + Math.min(CHUNK_BYTES, bytes - sent));
  }
}

const body = randomBytes(4 * MIB);
let count = 0;

/** The limit: to a file, synced, and no more. */
async function bareStore(bytes: number): Promise<void> {
  const file = await open(join(folder, `bare-${count++ % 4}`), 'w');
  for await (const chunk of chunks(body, bytes)) await file.write(chunk);
  await file.datasync();
  await file.close();
}

const bareRead = async (path: string) => {
  const file = await open(path, 'r');
  for await (const _ of file.createReadStream({ highWaterMark: 4 * CHUNK_BYTES }));
};

const rows: (readonly string[])[] = [];
for (const name of DIGEST_NAMES) rows.push(await measure(name, MIB, async () => digestOf(name, body.subarray(0, MIB))));

for (const bytes of [32_768, MIB, 64 * MIB]) {
  rows.push(await measure('store: bare file', bytes, () => bareStore(bytes)));
  for (const [workers, wants] of [
    [0, ['md5', 'crc64nvme']],
    [1, ['md5', 'crc64nvme']],
    [1, ['md5', 'crc32']],
    [1, ['md5', 'crc32', 'sha256']],
  ] as const satisfies readonly (readonly [number, readonly DigestName[]])[]) {
    const sealers = new Sealers({ workers });
    const local = new LocalBytes({ files, keys, sealers, random: systemRandom });
    const name = `store: ${wants.join(', ')}; ${workers === 0 ? 'main thread' : `${workers} worker`}`;
    const store = async () => {
      const stored = await local.store(chunks(body, bytes), { wants, key: KEY, inlineMax: -1 });
      local.discard(stored);
    };
    rows.push(await measure(name, bytes, store));
    await sealers.close();
  }
  const sealers = new Sealers({ workers: 1 });
  const local = new LocalBytes({ files, keys, sealers, random: systemRandom });
  const { ref } = await local.store(chunks(body, bytes), { wants: [], key: KEY, inlineMax: -1 });
  const read = async (from: LocalBytes, blob: BlobRef) => {
    for await (const _ of from.read(blob, KEY, 0, bytes));
  };
  await bareStore(bytes);
  const bare = join(folder, `bare-${(count - 1) % 4}`);
  rows.push(await measure('read: bare file', bytes, () => bareRead(bare)));
  rows.push(await measure('read', bytes, () => read(local, ref!)));
  rows.push(await measure('scrub', bytes, () => files.scrub(ref!.id)));
  await sealers.close();
}
rmSync(folder, { recursive: true });

const [{ model } = { model: '' }] = cpus();
process.stdout.write(
  `${cpus().length} cores (${model.trim()}), Node ${process.version}; ${rounds} rounds; load average ${loadavg()[0]!.toFixed(1)}; microseconds per MiB\n\n`,
);
process.stdout.write(`${table(['What', 'Size', 'Time', 'CPU, main thread', 'CPU, all'], rows)}\n`);
