/** One disk is lost at a bad moment, on virtual time: what was acknowledged lies on another one, whole. */
import { seededRandom, silentLogger } from '@stormglass/base';
import { SimClock, SimNetwork } from '@stormglass/testing';
import { expect, test } from 'vitest';
import { ListMachine, type ListView } from '../../contract/list-machine.ts';
import { Replica } from '../../replica.ts';
import type { Snapshot } from '../../snapshot.ts';
import { MemoryDisk, MemoryJournal } from './memory-journal.ts';
import type { FromZone, SequencerChannel, ToZone } from './messages.ts';
import { Sequencer } from './sequencer.ts';
import { ZoneLink } from './zone-link.ts';

const ZONES = ['az1', 'az2', 'az3'];

interface Zone {
  readonly id: string;
  readonly journal: MemoryDisk;
  /** The newest snapshot on the zone's disk. */
  snapshot: Snapshot | undefined;
  running: { readonly link: ZoneLink; readonly replica: Replica<string, number, ListView> } | undefined;
}

/** Three zones that trim their journals early, and a sequencer. */
class Cluster {
  readonly clock = new SimClock();
  readonly network = new SimNetwork(this.clock);
  readonly #random = seededRandom(5);
  readonly #logIds = new Map<string, string>();
  #sequencer: Sequencer | undefined;
  /** Whether zones reach one another for snapshots. */
  arePeersReached = true;
  readonly #zones = ZONES.map(
    (id): Zone => ({ id, journal: new MemoryDisk(), snapshot: undefined, running: undefined }),
  );

  zone(id: string): Zone {
    return this.#zones.find(zone => zone.id === id)!;
  }

  startSequencer(): void {
    this.#sequencer = new Sequencer({
      ...{ zones: ZONES, clock: this.clock, random: this.#random, logger: silentLogger, knownLogIds: this.#logIds },
      onLogId: (log, id) => void this.#logIds.set(log, id),
    });
  }

  killSequencer(): void {
    this.#sequencer?.close();
    this.#sequencer = undefined;
    this.network.breakAll('log');
  }

  async powerOn(...ids: readonly string[]): Promise<void> {
    for (const zone of ids.map(id => this.zone(id))) {
      const link = new ZoneLink({
        ...{ clock: this.clock, logger: silentLogger },
        connect: async () => {
          if (this.#sequencer === undefined) throw new Error('nobody answers');
          const [near, far] = this.network.connect<FromZone, ToZone>(zone.id, 'log');
          this.#sequencer.connect(zone.id, far as SequencerChannel);
          return near;
        },
      });
      const snapshots = {
        load: async () => zone.snapshot,
        save: async ({ header, records }: Snapshot) => void (zone.snapshot = { header, records: [...records] }),
      };
      const replica = new Replica({
        ...{ machine: new ListMachine(), log: link.open('list', new MemoryJournal(zone.journal)), snapshots },
        ...{ clock: this.clock, random: this.#random, logger: silentLogger, snapshotEvery: 10, keepBehind: 2 },
        peers: async atLeast => this.#peerSnapshot(zone, atLeast),
      });
      await replica.start();
      zone.running = { link, replica };
    }
  }

  powerOff(...ids: readonly string[]): void {
    for (const zone of ids.map(id => this.zone(id))) {
      zone.running?.link.close();
      void zone.running?.replica.close();
      zone.running = undefined;
      // What was being written no longer reaches the disk.
      new MemoryJournal(zone.journal);
      this.network.breakAll(zone.id);
    }
  }

  /** The zone's disk is replaced by an empty one. */
  async loseDisk(id: string): Promise<void> {
    this.powerOff(id);
    this.zone(id).journal.lose();
    this.zone(id).snapshot = undefined;
    await this.powerOn(id);
  }

  /** Whether the write was acknowledged. */
  async write(id: string, value: string): Promise<boolean> {
    let isAcknowledged: boolean | undefined;
    const { replica } = this.zone(id).running!;
    replica.execute(value, { deadline: this.clock.monotonic() + 2000 }).then(
      () => (isAcknowledged = true),
      () => (isAcknowledged = false),
    );
    await this.clock.run(this.clock.monotonic() + 10_000, () => isAcknowledged !== undefined);
    return isAcknowledged === true;
  }

  async writeAll(id: string, values: readonly string[]): Promise<void> {
    for (const value of values) expect(await this.write(id, value), value).toBe(true);
  }

  /** Every zone comes to hold exactly these. */
  async expectEverywhere(values: readonly string[]): Promise<void> {
    const held = () => this.#zones.map(({ running }) => running?.replica.view.values);
    const expected = JSON.stringify(ZONES.map(() => values));
    await this.clock.run(this.clock.monotonic() + 20_000, () => JSON.stringify(held()) === expected);
    expect(held()).toEqual(ZONES.map(() => values));
  }

  #peerSnapshot(zone: Zone, atLeast: number): Snapshot | undefined {
    if (!this.arePeersReached) return undefined;
    const others = this.#zones.filter(other => other !== zone).map(other => other.running?.replica.snapshot());
    return others.find(snapshot => snapshot !== undefined && snapshot.header.seq >= atLeast);
  }
}

const numbered = (count: number) => Array.from({ length: count }, (_, i) => `value ${i}`);

/** A cluster in which az3 was away for longer than the other zones keep their entries. */
async function withStaleZone(): Promise<{ cluster: Cluster; values: string[] }> {
  const cluster = new Cluster();
  cluster.startSequencer();
  await cluster.powerOn(...ZONES);
  const values = numbered(30);
  await cluster.writeAll('az1', values.slice(0, 3));
  await cluster.clock.run(cluster.clock.monotonic() + 100);
  cluster.powerOff('az3');
  await cluster.writeAll('az1', values.slice(3));
  // The next sequencer has no entries in memory.
  cluster.killSequencer();
  cluster.startSequencer();
  await cluster.clock.run(cluster.clock.monotonic() + 1000);
  expect(cluster.zone('az1').journal.base.seq).toBeGreaterThan(cluster.zone('az3').journal.entries.length);
  return { cluster, values };
}

test('a zone that begins anew is no copy before it has the state that it does not have the entries of', async () => {
  const { cluster, values } = await withStaleZone();
  cluster.powerOff('az1');
  cluster.arePeersReached = false;
  await cluster.powerOn('az3');
  await cluster.clock.run(cluster.clock.monotonic() + 1000);
  // az2 has the only whole copy that is there: were this acknowledged, it would be lost with that disk.
  expect(await cluster.write('az2', 'refused')).toBe(false);
  expect(cluster.zone('az3').journal.entries.length).toBeGreaterThan(3);

  cluster.arePeersReached = true;
  await cluster.clock.run(cluster.clock.monotonic() + 1000);
  await cluster.writeAll('az2', ['acknowledged']);
  const { journal, snapshot } = cluster.zone('az3');
  expect(snapshot?.header.seq).toBeGreaterThanOrEqual(journal.base.seq);

  // Everything dies, and the disk of the other copy is gone.
  cluster.killSequencer();
  cluster.powerOff(...ZONES);
  cluster.startSequencer();
  await cluster.powerOn('az1', 'az3');
  await cluster.loseDisk('az2');
  await cluster.expectEverywhere([...values, 'acknowledged']);
});

test('an empty disk is not called sound before it has a snapshot of what lies before its entries', async () => {
  const { cluster, values } = await withStaleZone();
  cluster.arePeersReached = false;
  await cluster.loseDisk('az2');
  await cluster.clock.run(cluster.clock.monotonic() + 1000);
  expect(cluster.zone('az2').journal.sound).toBe(false);
  cluster.arePeersReached = true;
  await cluster.clock.run(cluster.clock.monotonic() + 1000);
  expect(cluster.zone('az2').journal.sound).toBe(true);
  expect(cluster.zone('az2').snapshot?.header.seq).toBeGreaterThanOrEqual(cluster.zone('az2').journal.base.seq);
  await cluster.powerOn('az3');
  await cluster.expectEverywhere(values);
});

test('the log goes on without entries that were never committed, when the disk they were on is gone', async () => {
  const { cluster, values } = await withStaleZone();
  cluster.network.cut('az1', 'log', true);
  // Stored by az2 alone, which the sequencer does not know yet.
  expect(await cluster.write('az2', 'never committed')).toBe(false);
  cluster.killSequencer();
  cluster.powerOff(...ZONES);
  cluster.network.heal();
  cluster.arePeersReached = false;
  cluster.startSequencer();
  // az2's journal leads; az3 cannot take its entries without a snapshot.
  await cluster.powerOn('az2', 'az3');
  await cluster.clock.run(cluster.clock.monotonic() + 1000);
  await cluster.loseDisk('az2');
  cluster.arePeersReached = true;
  await cluster.powerOn('az1');
  await cluster.expectEverywhere(values);
  await cluster.writeAll('az1', ['goes on']);
  await cluster.expectEverywhere([...values, 'goes on']);
});
