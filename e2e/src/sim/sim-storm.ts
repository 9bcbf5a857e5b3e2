/** What goes wrong in a simulation, when and for how long, all by chance; everything is mended at the end. */
import { pick, type Random, randomInt, sleep } from '@stormglass/base';
import { SIM_LOGS, type SimRegion, type SimZone } from './sim-region.ts';
import type { Trouble } from './trouble.ts';

export class SimStorm implements Trouble {
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
      for (const log of SIM_LOGS) zone.disks[log].corrupt(entries);
    } else {
      this.#note(`${zone.id}: its disk is replaced by an empty one`);
      for (const log of SIM_LOGS) {
        zone.disks[log].lose();
        zone.snapshots[log].lose();
      }
    }
    this.#later(lastsMs, () => void this.#region.powerOn(zone));
  }
}
