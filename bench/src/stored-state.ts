/**
 * What state in SQLite costs a zone, with a million rows and more:
 *
 *     node bench/src/stored-state.ts [--rows n]
 *
 * Rows of a 24-byte key and an 80-byte value in random order, 256 a batch, one index beside the key: the rate of applying
 * them, how long the thread that serves stands still meanwhile (checkpoints happen beside it), how long a killed zone takes
 * to open its state, and a copy of it on its way to a peer, with commits going on, until it is in place there.
 *
 * Numbers of one machine on one day: compare figures of the same run, nothing else.
 */
import { mkdtempSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { monitorEventLoopDelay, performance } from 'node:perf_hooks';
import { parseArgs } from 'node:util';
import { seededRandom, silentLogger } from '@stormglass/base';
import { receiveSnapshot, SqliteState, type StoredSnapshot, writeStoredSnapshot } from '@stormglass/replicated-state';

const { values: flags } = parseArgs({ options: { rows: { type: 'string', default: '1000000' } } });
const ROWS = Number(flags.rows);
const BATCH = 256;
const MIB = 1024 * 1024;

const folder = mkdtempSync(join(tmpdir(), 'stored-state-'));
const random = seededRandom(1);

const open = (name: string): SqliteState =>
  new SqliteState({
    path: join(folder, name),
    machine: 'bench',
    format: 1,
    tables: {
      schema:
        'CREATE TABLE objects (key TEXT PRIMARY KEY, seq INTEGER NOT NULL, value BLOB NOT NULL) WITHOUT ROWID; CREATE INDEX by_seq ON objects (seq)',
      names: ['objects'],
    },
    logger: silentLogger,
  });

const key = (): string => Buffer.from(random.bytes(12)).toString('hex');
let seq = 0;

/** One entry of 256 commands. */
function applyBatch(state: SqliteState): void {
  seq++;
  state.begin();
  const put = state.statement('INSERT OR REPLACE INTO objects VALUES (?, ?, ?)');
  const commands: [string, unknown][] = [];
  for (let i = 0; i < BATCH; i++) {
    put.run(key(), seq, random.bytes(80));
    commands.push([`${seq}-${i}`, { ok: true }]);
  }
  // 256 commands a ms of log time, of which a minute is remembered: as many as a busy log has.
  const now = seq * 25;
  state.commit({ logId: 'bench', seq, now, hash: 1 }, [{ seq, at: now, commands }], now - 60_000);
}

/** Works off `turns`, giving way to whatever waits after each, and tells how long the thread stood still. */
async function inTurns(what: string, turns: () => boolean | Promise<boolean>): Promise<void> {
  const delay = monitorEventLoopDelay({ resolution: 1 });
  delay.enable();
  const before = performance.now();
  const cpuBefore = process.cpuUsage();
  while (await turns()) await new Promise(resolve => setImmediate(resolve));
  const wallMs = performance.now() - before;
  const cpu = process.cpuUsage(cpuBefore);
  delay.disable();
  const ms = (nanos: number) => (nanos / 1e6).toFixed(1);
  console.log(
    `${what.padEnd(34)} ${(wallMs / 1000).toFixed(2)} s, CPU ${((cpu.user + cpu.system) / 1e6).toFixed(2)} s, ` +
      `turns p50 ${ms(delay.percentile(50))} p99 ${ms(delay.percentile(99))} p99.9 ${ms(delay.percentile(99.9))} longest ${ms(delay.max)} ms`,
  );
}

const mib = (path: string): string => `${(statSync(path).size / MIB).toFixed(0)} MiB`;
const rssMib = (): string => `${(process.memoryUsage.rss() / MIB).toFixed(0)} MiB`;

try {
  const state = open('state.db');
  const rssBefore = rssMib();
  await inTurns(`apply ${ROWS} rows`, () => {
    applyBatch(state);
    return seq * BATCH < ROWS;
  });
  const walPath = join(folder, 'state.db-wal');
  console.log(
    `file ${mib(join(folder, 'state.db'))}, write-ahead log ${mib(walPath)}, RSS ${rssBefore} -> ${rssMib()}`,
  );

  const beforeSync = performance.now();
  await state.sync();
  console.log(`sync ${(performance.now() - beforeSync).toFixed(1)} ms`);

  // A peer, far behind, takes the state while commits go on.
  const peer = open('peer.db');
  let isInstalled = false;
  let copiedMs = 0;
  const started = performance.now();
  const install = async () => {
    const copy = await state.copy();
    copiedMs = performance.now() - started;
    const header = { machine: 'bench', format: 1, ...copy.position };
    const received = (await receiveSnapshot(writeStoredSnapshot(header, copy))) as StoredSnapshot;
    await peer.replace(received.bytes, copy.position);
    await copy.discard();
  };
  const done = install().finally(() => {
    isInstalled = true;
  });
  const first = seq;
  await inTurns('a copy to a peer, under load', () => {
    // One in a while: a zone that serves has other things to do.
    if (Math.random() < 0.1) applyBatch(state);
    return !isInstalled;
  });
  await done;
  console.log(`copied in ${(copiedMs / 1000).toFixed(2)} s; ${(seq - first) * BATCH} rows were applied meanwhile`);

  await state.close();
  const beforeOpen = performance.now();
  const again = open('state.db');
  console.log(`open, closed in order: ${(performance.now() - beforeOpen).toFixed(1)} ms at ${again.position?.seq}`);
  const count = again.statement('SELECT count(*) AS n FROM objects').get()?.n;
  const there = peer.statement('SELECT count(*) AS n FROM objects').get()?.n;
  console.log(`rows: ${count} here, ${there} at the peer`);
  await again.close();
  await peer.close();
} finally {
  rmSync(folder, { recursive: true, force: true });
}
