/** Snapshots between zones, over connections with certificates and links that can break: of states in memory and on disks. */
import { mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { silentLogger, systemClock, systemRandom } from '@stormglass/base';
import { LinkRules, parseLinkRule } from '@stormglass/faults';
import type { CertificateAuthority, MutualTlsServer } from '@stormglass/pki';
import { testAuthority, testIdentity } from '@stormglass/pki/testing';
import { type ApplyContext, MemoryLog, Replica, SqliteState, type StateMachine } from '@stormglass/replicated-state';
import { until } from '@stormglass/testing';
import { afterEach, beforeAll, expect, it } from 'vitest';
import { serveInternalApi } from './internal-api.ts';
import { peerSnapshots } from './peer-snapshots.ts';

const REGION = 'us-east-1';
const ASKING = 'use1-az1';
const PEERS = ['use1-az2', 'use1-az3'] as const;

let authority: CertificateAuthority;
beforeAll(async () => {
  authority = await testAuthority();
});

const closing: (() => Promise<unknown> | unknown)[] = [];
afterEach(async () => {
  for (const close of closing.splice(0).reverse()) await close();
});

/** Remembers texts, in a table. */
class Texts implements StateMachine<string, number, { count(): number }> {
  readonly name = 'texts';
  readonly format = 1;
  readonly stored: SqliteState;
  readonly view = { count: () => Number(this.stored.statement('SELECT count(*) AS n FROM texts').get()?.n) };

  constructor(path: string) {
    const tables = { schema: 'CREATE TABLE texts (seq INTEGER, text TEXT)', names: ['texts'] };
    this.stored = new SqliteState({ path, machine: this.name, format: this.format, tables, logger: silentLogger });
  }
  apply({ seq }: ApplyContext, text: string): number {
    this.stored.statement('INSERT INTO texts VALUES (?, ?)').run(seq, text);
    return seq;
  }
  snapshot(): Iterable<unknown> {
    return this.stored.snapshot();
  }
  install(records: Iterable<unknown>): void {
    this.stored.install(records);
  }
}

type TextReplica = Replica<string, number, { count(): number }>;

class Region {
  readonly log = new MemoryLog(systemClock);
  readonly links = new LinkRules();
  readonly ports = new Map<string, number>();
  readonly folder = mkdtempSync(join(tmpdir(), 'peer-snapshots-'));

  async replica(zone: string, isOnDisk: boolean): Promise<TextReplica> {
    const machine = new Texts(isOnDisk ? join(this.folder, zone, 'texts.sqlite') : ':memory:');
    const identity = await testIdentity(authority, { zone });
    const replica = new Replica({
      ...{ machine, clock: systemClock, random: systemRandom, logger: silentLogger, log: this.log.open() },
      peers: peerSnapshots({
        ...{ zone, region: REGION, peers: PEERS, log: 'texts', identity, links: this.links, clock: systemClock },
        resolve: async (name, type) => {
          if (type === 'A') return [{ type, data: '127.0.0.1' }];
          const port = this.ports.get(PEERS.find(id => name.includes(id)) ?? '');
          return port === undefined ? [] : [{ type: 'SRV', data: { target: 'host.test', port } }];
        },
      }),
    });
    closing.push(() => replica.close());
    await replica.start();
    return replica;
  }

  async serve(zone: string, replica: TextReplica): Promise<MutualTlsServer> {
    const identity = await testIdentity(authority, { zone });
    const server = await serveInternalApi({
      ...{ zone, region: REGION, identity, replicas: { texts: replica }, clock: systemClock, logger: silentLogger },
      ...{ port: 0, host: '127.0.0.1' },
    });
    closing.push(() => server.close());
    this.ports.set(zone, server.port);
    return server;
  }

  /** Puts so many entries of 50 KiB into the log, and lets it forget all of them. */
  async fill(replica: TextReplica, count: number): Promise<void> {
    const deadline = systemClock.monotonic() + 60_000;
    for (let i = 0; i < count; i++) await replica.execute(String(i).padEnd(50 * 1024, 'x'), { deadline });
    this.log.trim(replica.applied);
  }
}

function region(): Region {
  const made = new Region();
  closing.push(() => rmSync(made.folder, { recursive: true, force: true }));
  return made;
}

it.each([
  ['on a disk', true],
  ['in memory', false],
])('a zone that is too far behind takes the state of another, %s', async (_where, isOnDisk) => {
  const zones = region();
  const source = await zones.replica(PEERS[1], isOnDisk);
  await zones.fill(source, 200);
  // The first peer has nothing of it.
  const fresh = new Replica({
    machine: new Texts(':memory:'),
    ...{ clock: systemClock, random: systemRandom, logger: silentLogger, log: new MemoryLog(systemClock).open() },
  });
  await zones.serve(PEERS[0], fresh);
  await zones.serve(PEERS[1], source);
  const behind = await zones.replica(ASKING, isOnDisk);
  await until('it to catch up', () => behind.applied >= source.applied);
  expect(behind.view.count()).toBe(200);
  expect(behind.hash).toBe(source.hash);
  await behind.execute('and it goes on', { deadline: systemClock.monotonic() + 60_000 });
  await until('the other one as well', () => source.view.count() === 201);
  const left = isOnDisk
    ? readdirSync(zones.folder, { recursive: true }).filter(name => /copy|incoming/.test(String(name)))
    : [];
  expect(left).toEqual([]);
});

it('a peer that is not there is passed over, and one that ends half-way changes nothing', async () => {
  const zones = region();
  const source = await zones.replica(PEERS[0], true);
  await zones.fill(source, 100);
  const second = await zones.serve(PEERS[1], source);
  // 5 MB take long enough to be interrupted.
  const slow = { fault: 'bandwidth', from: PEERS[1], to: ASKING, settings: { bytesPerSecond: 500_000 } };
  zones.links.add(parseLinkRule('f1', slow, [ASKING, ...PEERS]));
  const behind = await zones.replica(ASKING, true);
  const folder = join(zones.folder, ASKING);
  await until('some of it to arrive', () => readdirSync(folder).some(name => name.endsWith('.incoming')));
  expect(behind.view.count()).toBe(0);
  await second.close();
  await zones.serve(PEERS[0], source);
  await until('it to catch up', () => behind.view.count() === 100);
  expect(readdirSync(folder).filter(name => name.endsWith('.incoming'))).toEqual([]);
});
