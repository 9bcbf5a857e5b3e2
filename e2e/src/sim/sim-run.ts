/**
 * One seed: a region, clients at work, a random schedule of misfortune, then calm; and the verdict over what the clients
 * saw and what the zones hold. `npm run replay -- SEED` replays one with its story.
 */
import { pick, type Random, randomInt, seededRandom, sleep } from '@stormglass/base';
import { explainRegister } from '@stormglass/testing';
import { type History, newHistory, SimClient } from './sim-client.ts';
import { LOGS, type PlantedBug, SimRegion, type SimZone } from './sim-region.ts';

export interface SimReport {
  readonly seed: number;
  readonly violations: readonly string[];
  readonly calls: number;
  readonly failed: number;
  readonly faults: readonly string[];
}

const ROLES = ['alpha', 'beta'];
const CLIENTS = 3;
const STORM_MS = 6000;
const CALM_MS = 20_000;

/** Runs one seed and judges it. */
export async function simulate(seed: number, bug: PlantedBug = 'none', verbose = false): Promise<SimReport> {
  const region = new SimRegion({ seed, bug, verbose });
  const history = newHistory();
  const storm = new Storm(region, seededRandom(seed + 7));
  const run = new Run(region, history, storm, bug, seed);
  await run.go();
  return { seed, violations: history.violations, calls: history.calls, failed: history.failed, faults: storm.story };
}

class Run {
  readonly #region: SimRegion;
  readonly #history: History;
  readonly #storm: Storm;
  readonly #clients: readonly SimClient[];
  readonly #random: Random;
  #working = true;
  #finished = false;

  constructor(region: SimRegion, history: History, storm: Storm, bug: PlantedBug, seed: number) {
    this.#region = region;
    this.#history = history;
    this.#storm = storm;
    this.#random = seededRandom(seed + 13);
    this.#clients = Array.from(
      { length: CLIENTS },
      (_, i) => new SimClient(region, seededRandom(seed * 31 + i), history, bug, `c${i}`),
    );
  }

  async go(): Promise<void> {
    const { clock } = this.#region;
    const story = this.#tell();
    story.catch((error: unknown) => this.#history.violations.push(`the simulation itself failed: ${String(error)}`));
    await clock.run(STORM_MS + CALM_MS + 20_000, () => this.#finished);
    if (!this.#finished) this.#history.violations.push('the region did not heal');
    this.#judge();
  }

  async #tell(): Promise<void> {
    const { clock } = this.#region;
    try {
      await this.#region.start();
      while (!(await this.#clients[0]!.createRole(ROLES[0]!))) await sleep(clock, 50);
      while (!(await this.#clients[0]!.createRole(ROLES[1]!))) await sleep(clock, 50);
      const work = this.#clients.map(client => this.#work(client));
      await this.#storm.rage(STORM_MS);
      await this.#storm.calm();
      await sleep(clock, 1500);
      this.#working = false;
      await Promise.all(work);
      await this.#settled();
    } finally {
      this.#finished = true;
    }
  }

  async #work(client: SimClient): Promise<void> {
    while (this.#working) {
      const role = pick(this.#random, ROLES);
      const dice = this.#random.next();
      if (dice < 0.4) await client.readRegister(role);
      else if (dice < 0.8) await client.writeRegister(role);
      else await client.createUser();
      await sleep(this.#region.clock, 30 + 100 * this.#random.next());
    }
  }

  /** Waits until every zone has applied the same. */
  async #settled(): Promise<void> {
    const deadline = this.#region.clock.monotonic() + CALM_MS;
    while (this.#region.clock.monotonic() < deadline) {
      const states = this.#region.zones.map(
        ({ running }) =>
          running &&
          LOGS.map(log => `${running.parts.replicas[log]?.applied}/${running.parts.replicas[log]?.hash}`).join(),
      );
      const allHealthy = this.#region.zones.every(z => z.running?.parts.health().log === 'ok');
      if (allHealthy && new Set(states).size === 1) return;
      await sleep(this.#region.clock, 50);
    }
    this.#history.violations.push('the zones did not come to agree');
  }

  #judge(): void {
    const { violations, registers, created } = this.#history;
    for (const [role, operations] of registers) {
      const problem = explainRegister(operations, '');
      if (problem !== undefined) violations.push(`${role}: ${problem}`);
    }
    for (const zone of this.#region.zones) {
      const view = zone.running?.parts.iam.view;
      for (const name of created) {
        if (view?.user('000000000000', name) === undefined)
          violations.push(`${zone.id} lost the acknowledged user ${name}`);
      }
    }
  }
}

/** What goes wrong, when and for how long; everything is mended at the end. */
class Storm {
  readonly #region: SimRegion;
  readonly #random: Random;
  readonly story: string[] = [];
  #ruleId = 0;
  #corrupted = false;
  #ended = false;

  constructor(region: SimRegion, random: Random) {
    this.#region = region;
    this.#random = random;
  }

  async rage(durationMs: number): Promise<void> {
    const { clock } = this.#region;
    const end = clock.monotonic() + durationMs;
    while (clock.monotonic() < end) {
      await sleep(clock, 100 + 600 * this.#random.next());
      const lastsMs = 100 + 1500 * this.#random.next();
      pick(this.#random, this.#misfortunes)(lastsMs);
    }
  }

  async calm(): Promise<void> {
    this.#ended = true;
    this.#region.network.heal();
    this.#region.startSequencer();
    for (const zone of this.#region.zones) {
      zone.skewMs = 0;
      this.#region.setDiskFull(zone, false);
      await this.#region.powerOn(zone);
    }
    this.#note('calm');
  }

  readonly #misfortunes: readonly ((lastsMs: number) => void)[] = [
    lastsMs => this.#powerCut(this.#anyZone(), lastsMs),
    lastsMs => this.#powerCut(this.#anyZone(), lastsMs),
    lastsMs => this.#link('partition', this.#anyZone().id, 'log', {}, lastsMs),
    lastsMs => this.#link('partition', this.#anyZone().id, '*', {}, lastsMs),
    lastsMs => this.#link('partition', this.#anyZone().id, 'log', {}, lastsMs, true),
    lastsMs =>
      this.#link(
        'latency',
        this.#anyZone().id,
        '*',
        { latencyMs: 5 + randomInt(this.#random, 150), jitterMs: 5 },
        lastsMs,
      ),
    lastsMs => this.#link('loss', this.#anyZone().id, 'log', { probability: 0.3 }, lastsMs),
    lastsMs => this.#link('black-hole', this.#anyZone().id, '*', {}, lastsMs, this.#random.next() < 0.5),
    lastsMs => this.#link('corruption', this.#anyZone().id, 'log', { probability: 0.0001 }, lastsMs),
    lastsMs => this.#link('connection-limit', this.#anyZone().id, '*', { connections: 1 }, lastsMs),
    lastsMs => this.#sequencerDies(lastsMs / 3),
    () => this.#skew(this.#anyZone()),
    lastsMs => this.#everythingDies(lastsMs / 3),
    lastsMs => this.#rot(this.#anyZone(), lastsMs),
    lastsMs => this.#fillDisk(this.#anyZone(), lastsMs),
  ];

  #anyZone(): SimZone {
    return pick(this.#random, this.#region.zones);
  }

  #note(text: string): void {
    this.story.push(`${this.#region.clock.monotonic().toFixed(0)} ms: ${text}`);
  }

  #later(ms: number, mend: () => void): void {
    this.#region.clock.after(ms, () => {
      if (!this.#ended) mend();
    });
  }

  #powerCut(zone: SimZone, lastsMs: number): void {
    this.#note(`${zone.id} loses power for ${lastsMs.toFixed(0)} ms`);
    this.#region.powerOff(zone);
    this.#later(lastsMs, () => void this.#region.powerOn(zone));
  }

  #everythingDies(lastsMs: number): void {
    this.#note('everything dies');
    this.#region.killSequencer();
    for (const zone of this.#region.zones) this.#region.powerOff(zone);
    this.#later(lastsMs, () => {
      this.#region.startSequencer();
      for (const zone of this.#region.zones) void this.#region.powerOn(zone);
    });
  }

  #sequencerDies(lastsMs: number): void {
    this.#note(`the sequencer dies for ${lastsMs.toFixed(0)} ms`);
    this.#region.killSequencer();
    this.#later(lastsMs, () => {
      // Its successor's clock may be behind, and log time must not go back with it.
      this.#region.sequencerSkewMs = this.#random.next() < 0.5 ? 0 : -10 * 60_000 * this.#random.next();
      this.#region.startSequencer();
    });
  }

  #link(
    fault: string,
    from: string,
    to: string,
    settings: Record<string, number>,
    lastsMs: number,
    oneWay = false,
  ): void {
    const id = `storm-${++this.#ruleId}`;
    this.#note(
      `${fault} ${from} ${oneWay ? '>' : '<>'} ${to} ${JSON.stringify(settings)} for ${lastsMs.toFixed(0)} ms`,
    );
    const { rules } = this.#region.network;
    rules.add({ id, fault, from, to, oneWay, toxicity: 1, seed: this.#ruleId, settings });
    this.#later(lastsMs, () => void rules.remove(id));
  }

  #skew(zone: SimZone): void {
    zone.skewMs = (this.#random.next() - 0.5) * 20 * 60_000;
    this.#note(`${zone.id}: its clock is off by ${(zone.skewMs / 60_000).toFixed(1)} minutes`);
  }

  #fillDisk(zone: SimZone, lastsMs: number): void {
    this.#note(`${zone.id}: its disk is full for ${lastsMs.toFixed(0)} ms`);
    this.#region.setDiskFull(zone, true);
    this.#later(lastsMs, () => this.#region.setDiskFull(zone, false));
  }

  /** One disk a run loses its newest entries, or all: two would be more than two copies can bear. */
  #rot(zone: SimZone, lastsMs: number): void {
    if (this.#corrupted) return;
    this.#corrupted = true;
    this.#region.powerOff(zone);
    if (this.#random.next() < 0.5) {
      this.#note(`${zone.id}: its journal loses its end to corruption, found at the restart`);
      const entries = 1 + randomInt(this.#random, 5);
      for (const log of LOGS) zone.disks[log].corrupt(entries);
    } else {
      this.#note(`${zone.id}: its disk is replaced by an empty one`);
      for (const log of LOGS) {
        zone.disks[log].lose();
        zone.snapshots[log].lose();
      }
    }
    this.#later(lastsMs, () => void this.#region.powerOn(zone));
  }
}
