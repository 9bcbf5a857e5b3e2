/**
 * A whole region in one process on virtual time: the real sequencer, journals' protocol, replicas, services and request
 * pipeline; virtual disks, links and clocks. One seed gives one history.
 */

import { type Clock, jsonLogger, type Logger, type Random, seededRandom, silentLogger, skewed } from '@stormglass/base';
import { AuthorityError, type CertificateIssuer } from '@stormglass/contracts';
import { loadServiceCode } from '@stormglass/region/service-code';
import { type LogName, logsOf, SERVICES } from '@stormglass/region/services';
import { type LogParts, startZone, type ZoneParts } from '@stormglass/region/zone';
import {
  type FromZone,
  MemoryDisk,
  MemoryJournal,
  Sequencer,
  type SequencerChannel,
  type Snapshot,
  type SnapshotStore,
  type ToZone,
  ZoneLink,
} from '@stormglass/replicated-state';
import { type Service, silentTelemetry } from '@stormglass/service-kit';
import { SimClock, SimNetwork } from '@stormglass/testing';
import { MemorySpool } from './memory-spool.ts';

export const ZONES = ['use1-az1', 'use1-az2', 'use1-az3'] as const;

/** Bugs that can be planted, to see that the checker finds them. */
export type PlantedBug = 'none' | 'lying-disk' | 'reads-without-barrier' | 'retries-with-new-ids';

/** S3 keeps its bytes in files, which virtual disks are not; DynamoDB has runs of its own. */
const SIM_SERVICES = SERVICES.filter(name => name !== 's3' && name !== 'dynamodb');
export const SIM_LOGS = logsOf(SIM_SERVICES);

/** Nothing takes real time once a run has begun. */
const CODE = await loadServiceCode(SIM_SERVICES);

const isAway = () => Promise.reject(new AuthorityError('Unavailable', 'simulated regions have no authority'));
const NO_AUTHORITY: CertificateIssuer = {
  certificates: isAway,
  issue: isAway,
  find: isAway,
  revoke: isAway,
  revocationLists: isAway,
};
const NAME_SERVERS = ['ns-1.test', 'ns-2.test', 'ns-3.test', 'ns-4.test'];

interface SimZone {
  readonly id: string;
  readonly disks: Readonly<Record<LogName, MemoryDisk>>;
  readonly snapshots: Readonly<Record<LogName, MemorySnapshots>>;
  /** Events that are not in the log yet. */
  readonly spool: MemorySpool;
  readonly clock: Clock;
  skewMs: number;
  running: RunningZone | undefined;
  /** Counts power cuts, so that what was started before one is not taken for what runs now. */
  life: number;
}

interface RunningZone {
  readonly link: ZoneLink;
  readonly parts: ZoneParts;
}

/** Snapshots survive power cuts, as those on a disk do. */
class MemorySnapshots implements SnapshotStore {
  isFull = false;
  #text: string | undefined;
  lose(): void {
    this.#text = undefined;
  }
  async load(): Promise<Snapshot | undefined> {
    if (this.#text === undefined) return undefined;
    const [header, ...records] = JSON.parse(this.#text);
    return { header, records };
  }
  async save(snapshot: Snapshot): Promise<void> {
    if (this.isFull) throw new Error('ENOSPC: no space left on device');
    this.#text = JSON.stringify([snapshot.header, ...snapshot.records]);
  }
}

export interface SimRegionOptions {
  readonly seed: number;
  readonly bug: PlantedBug;
  readonly verbose?: boolean;
}

/** A write takes this long to reach a virtual disk, in ms. */
const SYNC_MS = { least: 0.2, most: 2 };

export class SimRegion {
  readonly clock: SimClock;
  readonly random: Random;
  readonly network: SimNetwork;
  readonly zones: readonly SimZone[];
  readonly #options: SimRegionOptions;
  readonly #logger: Logger;
  readonly #logIds = new Map<string, string>();
  #sequencer: Sequencer | undefined;
  /** How far the sequencer's clock is off; it stamps the log. */
  sequencerSkewMs = 0;

  constructor(options: SimRegionOptions) {
    this.#options = options;
    this.clock = new SimClock();
    this.random = seededRandom(options.seed);
    this.network = new SimNetwork(this.clock);
    this.#logger = options.verbose ? jsonLogger(this.clock, line => process.stderr.write(line), 'debug') : silentLogger;
    const disk = () => (options.bug === 'lying-disk' ? new LyingDisk() : new MemoryDisk());
    this.zones = ZONES.map(id => {
      const zone: SimZone = {
        id,
        disks: ofEachLog(disk),
        snapshots: ofEachLog(() => new MemorySnapshots()),
        spool: new MemorySpool(),
        clock: skewed(this.clock, () => zone.skewMs),
        skewMs: 0,
        running: undefined,
        life: 0,
      };
      return zone;
    });
  }

  async start(): Promise<void> {
    this.startSequencer();
    for (const zone of this.zones) await this.powerOn(zone);
  }

  startSequencer(): void {
    if (this.#sequencer !== undefined) return;
    const { random } = this;
    const skewMs = this.sequencerSkewMs;
    const clock = skewed(this.clock, () => skewMs);
    const onLogId = (log: string, logId: string) => void this.#logIds.set(log, logId);
    this.#sequencer = new Sequencer({
      zones: ZONES,
      clock,
      random,
      logger: this.#logger,
      knownLogIds: this.#logIds,
      onLogId,
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
    const random = seededRandom(this.#options.seed * 1000 + this.zones.indexOf(zone) * 100 + life);
    const logger = this.#logger.with({ zone: zone.id });
    const link = new ZoneLink({
      clock: zone.clock,
      logger,
      connect: async () => {
        if (this.#sequencer === undefined || zone.life !== life) throw new Error('nobody answers');
        const [near, far] = this.network.connect<FromZone, ToZone>(zone.id, 'log');
        this.#sequencer.connect(zone.id, far as SequencerChannel);
        return near;
      },
    });
    const sync = () => new Promise<void>(done => void this.clock.after(this.#syncMs(), done));
    const logParts = (log: LogName): LogParts => ({
      log: link.open(log, new MemoryJournal(zone.disks[log], sync)),
      snapshots: zone.snapshots[log],
      peers: async atLeast => this.#peerSnapshot(zone, log, atLeast),
    });
    const parts = await startZone({
      partition: 'aws',
      region: 'us-east-1',
      homeRegion: 'us-east-1',
      zone: zone.id,
      issuer: NO_AUTHORITY,
      code: CODE,
      logs: ofEachLog(logParts),
      auditStore: () => zone.spool.mount(() => zone.life === life),
      acme: { resolve: async () => [], httpPort: 80 },
      nameServers: NAME_SERVERS,
      quorumGraceMs: 250,
      deadlineMs: 3000,
      clock: zone.clock,
      random,
      logger,
      telemetry: silentTelemetry,
      // Every other seed keeps so little of the log that zones which were away need a peer's snapshot.
      ...(this.#options.seed % 2 === 0 ? { snapshotEvery: 20, keepBehind: 5 } : {}),
      tamper: service => this.#tamper(service),
    });
    if (zone.life !== life) return;
    zone.running = { link, parts };
  }

  /** The power goes: nothing under way is finished, and what was not synced is lost. */
  powerOff(zone: SimZone): void {
    const running = zone.running;
    zone.running = undefined;
    zone.life++;
    // A new journal object takes over the disk, so writes of the old one no longer reach it.
    for (const disk of Object.values(zone.disks)) {
      new MemoryJournal(disk);
      if (disk instanceof LyingDisk) disk.forgetUnsynced();
    }
    this.network.breakAll(zone.id);
    running?.link.close();
    void running?.parts.close();
  }

  /** Whether the zone's disk takes writes. */
  setDiskFull(zone: SimZone, isFull: boolean): void {
    const stores = [...Object.values(zone.disks), ...Object.values(zone.snapshots), zone.spool];
    for (const store of stores) store.isFull = isFull;
  }

  #peerSnapshot(zone: SimZone, log: LogName, atLeast: number): Snapshot | undefined {
    const others = this.zones.filter(other => other !== zone && !this.isCut(zone.id, other.id));
    const snapshots = others.map(other => other.running?.parts.replicas[log]?.snapshot());
    return snapshots.find(snapshot => snapshot !== undefined && snapshot.header.seq >= atLeast);
  }

  isCut(from: string, to: string): boolean {
    const cuts = (rule: { fault: string; from: string; to: string }, a: string, b: string) =>
      rule.fault === 'partition' && (rule.from === '*' || rule.from === a) && (rule.to === '*' || rule.to === b);
    return this.network.rules.all.some(rule => cuts(rule, from, to) || cuts(rule, to, from));
  }

  #syncMs(): number {
    return SYNC_MS.least + (SYNC_MS.most - SYNC_MS.least) * this.random.next();
  }

  #tamper(service: Service): Service {
    if (this.#options.bug !== 'reads-without-barrier') return service;
    return { ...service, upToDate: async () => {} };
  }
}

/** One of something for each replicated log of a region. */
const ofEachLog = <T>(make: (log: LogName) => T): Record<LogName, T> =>
  Object.fromEntries(SIM_LOGS.map(log => [log, make(log)])) as Record<LogName, T>;

/** The planted bug of a disk that says "durable" before it is: a power cut takes the newest entries back. */
class LyingDisk extends MemoryDisk {
  forgetUnsynced(): void {
    const lost = Math.min(3, this.entries.length);
    this.corrupt(lost);
    this.sound = true;
  }
}

export type { SimZone };
