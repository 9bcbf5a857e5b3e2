/**
 * Cells over three zones in one process on virtual time: the real sequencer, logs, replicas and item stores, with virtual
 * disks, links and clocks. What a region has besides is not here, so that a seed costs little.
 */
import { type Logger, type Random, seededRandom, silentLogger } from '@stormglass/base';
import { ItemStore } from '@stormglass/item-store';
import {
  type FromZone,
  MemoryDisk,
  MemoryJournal,
  Replica,
  Sequencer,
  type SequencerChannel,
  type Snapshot,
  type SnapshotStore,
  type ToZone,
  ZoneLink,
} from '@stormglass/replicated-state';
import { SimClock, SimNetwork } from '@stormglass/testing';
import type { CellReplica, ItemDeps } from '../../data/cells.ts';
import { countsIn } from '../../driver/counts.ts';
import { type PlantedBug, tamperedMachine, tamperedReplica } from './planted-bugs.ts';
import { CATALOGUE, CELLS } from './sim-table.ts';
import { ZoneClock } from './zone-clock.ts';

export const ZONES = ['use1-az1', 'use1-az2', 'use1-az3'] as const;

export interface SimZone {
  readonly id: string;
  readonly clock: ZoneClock;
  readonly disks: ReadonlyMap<number, SimDisk>;
  /** What runs; nothing while its power is off. */
  running: RunningZone | undefined;
  /** Counts power cuts. */
  life: number;
}

export interface RunningZone {
  readonly link: ZoneLink;
  readonly replicas: ReadonlyMap<number, CellReplica>;
  readonly deps: ItemDeps;
}

/** What of one cell survives a power cut. */
interface SimDisk {
  readonly journal: MemoryDisk;
  readonly snapshots: KeptSnapshot;
}

class KeptSnapshot implements SnapshotStore {
  #text: string | undefined;
  async load(): Promise<Snapshot | undefined> {
    if (this.#text === undefined) return undefined;
    const [header, ...records] = JSON.parse(this.#text);
    return { header, records };
  }
  async save({ header, records }: Snapshot): Promise<void> {
    this.#text = JSON.stringify([header, ...records]);
  }
}

/** A write takes this long to reach a virtual disk, in ms. */
const SYNC_MS = { least: 0.2, most: 2 };
/** Every other seed keeps so little of the log that zones which were away need a peer's snapshot. */
const SHORT_LOG = { snapshotEvery: 40, keepBehind: 10 };

export class SimCells {
  readonly clock = new SimClock();
  readonly network = new SimNetwork(this.clock);
  readonly zones: readonly SimZone[];
  readonly #seed: number;
  readonly #bug: PlantedBug;
  readonly #random: Random;
  readonly #logger: Logger = silentLogger;
  readonly #logIds = new Map<string, string>();
  readonly #machines: ItemStore[] = [];
  #sequencer: Sequencer | undefined;
  /** How far the clock that stamps the log is off. */
  readonly sequencerClock = new ZoneClock(this.clock);

  constructor(seed: number, bug: PlantedBug) {
    this.#seed = seed;
    this.#bug = bug;
    this.#random = seededRandom(seed);
    const disk = () => ({ journal: new MemoryDisk(), snapshots: new KeptSnapshot() });
    this.zones = ZONES.map(id => ({
      id,
      clock: new ZoneClock(this.clock),
      disks: new Map(CELLS.map(cell => [cell, disk()])),
      running: undefined,
      life: 0,
    }));
  }

  async start(): Promise<void> {
    this.startSequencer();
    for (const zone of this.zones) await this.powerOn(zone);
  }

  startSequencer(): void {
    this.#sequencer ??= new Sequencer({
      zones: ZONES,
      clock: this.sequencerClock,
      random: this.#random,
      logger: this.#logger,
      knownLogIds: this.#logIds,
      onLogId: (log, logId) => void this.#logIds.set(log, logId),
    });
  }

  /** The sequencer is gone, with everything it had not got onto two disks. */
  killSequencer(): void {
    this.#sequencer?.close();
    this.#sequencer = undefined;
    this.network.breakAll('log');
  }

  async powerOn(zone: SimZone): Promise<void> {
    if (zone.running !== undefined) return;
    const life = ++zone.life;
    const { clock } = zone;
    const random = seededRandom(this.#seed * 1000 + this.zones.indexOf(zone) * 100 + life);
    const logger = this.#logger;
    const link = new ZoneLink({ clock, logger, connect: async () => this.#connect(zone, life) });
    const sync = () => new Promise<void>(done => void clock.after(this.#syncMs(), done));
    const replicas = new Map<number, CellReplica>();
    for (const [cell, { journal, snapshots }] of zone.disks) {
      const store = ItemStore.open({ name: `items-${cell}`, path: ':memory:', logger });
      this.#machines.push(store);
      const machine = tamperedMachine(store, this.#bug);
      const replica = new Replica({
        ...{ machine, clock, random, logger, snapshots },
        log: link.open(machine.name, new MemoryJournal(journal, sync)),
        peers: async atLeast => this.#peerSnapshot(zone, cell, atLeast),
        ...(this.#seed % 2 === 0 ? SHORT_LOG : {}),
      });
      await replica.start();
      replicas.set(cell, tamperedReplica(replica, clock, this.#bug));
    }
    const counts = countsIn(replicas);
    const deps: ItemDeps = { catalogue: CATALOGUE, cells: CELLS, cellReplicas: replicas, clock, random, counts };
    if (zone.life === life) zone.running = { link, replicas, deps };
  }

  /** The power goes: nothing under way is finished, and what was not synced is lost. */
  powerOff(zone: SimZone): void {
    const { running } = zone;
    zone.running = undefined;
    zone.life++;
    zone.clock.thaw();
    // A new journal object takes over the disk, so that writes of the old one no longer reach it.
    for (const { journal } of zone.disks.values()) new MemoryJournal(journal);
    this.network.breakAll(zone.id);
    running?.link.close();
    for (const replica of running?.replicas.values() ?? []) void replica.close();
  }

  /** Lets go of everything. */
  async end(): Promise<void> {
    this.killSequencer();
    for (const zone of this.zones) this.powerOff(zone);
    await Promise.all(this.#machines.map(({ stored }) => stored.close()));
  }

  #connect(zone: SimZone, life: number) {
    if (this.#sequencer === undefined || zone.life !== life) throw new Error('nobody answers');
    const [near, far] = this.network.connect<FromZone, ToZone>(zone.id, 'log');
    this.#sequencer.connect(zone.id, far as SequencerChannel);
    return {
      ...near,
      listen: (handlers: { message(message: ToZone): void; closed(): void }) =>
        near.listen({
          message: message => zone.clock.run(() => handlers.message(message)),
          closed: () => zone.clock.run(() => handlers.closed()),
        }),
    };
  }

  #peerSnapshot(zone: SimZone, cell: number, atLeast: number): Snapshot | undefined {
    const others = this.zones.filter(other => other !== zone && !this.isCut(zone.id, other.id));
    const snapshots = others.map(other => other.running?.replicas.get(cell)?.snapshot());
    return snapshots.find(snapshot => snapshot !== undefined && snapshot.header.seq >= atLeast);
  }

  isCut(from: string, to: string): boolean {
    const names = (pattern: string, place: string) => pattern === '*' || pattern === place;
    return this.network.rules.all.some(
      rule =>
        rule.fault === 'partition' &&
        ((names(rule.from, from) && names(rule.to, to)) || (names(rule.from, to) && names(rule.to, from))),
    );
  }

  #syncMs(): number {
    return SYNC_MS.least + (SYNC_MS.most - SYNC_MS.least) * this.#random.next();
  }
}
