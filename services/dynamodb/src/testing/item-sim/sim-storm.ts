/** What goes wrong in a simulation of cells, when and for how long, all by chance; everything is mended at the end. */
import { pick, type Random, randomInt, sleep } from '@stormglass/base';
import type { SimCells, SimZone } from './sim-cells.ts';

/** Clocks are wrong by so much at most, in ms, to either side. */
const SKEW_MS_MAX = 10 * 60_000;
/** The log's clock only goes back when another one stamps it, and log time stands still until it has caught up. */
const LOG_SKEW_MS_MAX = 5000;

export class SimStorm {
  readonly #cells: SimCells;
  readonly #random: Random;
  readonly story: string[] = [];
  #ruleId = 0;
  #ended = false;

  constructor(cells: SimCells, random: Random) {
    this.#cells = cells;
    this.#random = random;
  }

  async rage(durationMs: number): Promise<void> {
    const { clock } = this.#cells;
    const end = clock.monotonic() + durationMs;
    while (clock.monotonic() < end) {
      await sleep(clock, 50 + 400 * this.#random.next());
      pick(this.#random, this.#misfortunes)(100 + 1200 * this.#random.next());
    }
  }

  async calm(): Promise<void> {
    this.#ended = true;
    this.#cells.network.heal();
    this.#cells.startSequencer();
    for (const zone of this.#cells.zones) {
      zone.clock.skewMs = 0;
      zone.clock.thaw();
      await this.#cells.powerOn(zone);
    }
    this.#note('calm');
  }

  readonly #misfortunes: readonly ((lastsMs: number) => void)[] = [
    lastsMs => this.#powerCut(lastsMs),
    lastsMs => this.#powerCut(lastsMs),
    lastsMs => this.#powerCut(lastsMs),
    lastsMs => this.#freeze(lastsMs),
    lastsMs => this.#freeze(lastsMs),
    lastsMs => this.#link('partition', 'log', {}, lastsMs),
    lastsMs => this.#link('partition', '*', {}, lastsMs),
    lastsMs => this.#link('partition', 'log', {}, lastsMs, true),
    lastsMs => this.#link('partition', 'clients', {}, lastsMs, true),
    lastsMs => this.#link('latency', '*', { latencyMs: 5 + randomInt(this.#random, 150), jitterMs: 5 }, lastsMs),
    lastsMs => this.#link('latency', 'log', { latencyMs: 5 + randomInt(this.#random, 400), jitterMs: 50 }, lastsMs),
    lastsMs => this.#link('loss', 'log', { probability: 0.3 }, lastsMs),
    lastsMs => this.#link('black-hole', '*', {}, lastsMs, this.#random.next() < 0.5),
    lastsMs => this.#sequencerDies(lastsMs / 3),
    () => this.#skew(),
    lastsMs => this.#everythingDies(lastsMs / 3),
  ];

  #anyZone(): SimZone {
    return pick(this.#random, this.#cells.zones);
  }

  #note(text: string): void {
    this.story.push(`${this.#cells.clock.monotonic().toFixed(0)} ms: ${text}`);
  }

  #later(ms: number, mend: () => void): void {
    this.#cells.clock.after(ms, () => {
      if (!this.#ended) mend();
    });
  }

  #powerCut(lastsMs: number): void {
    const zone = this.#anyZone();
    this.#note(`${zone.id} loses power for ${lastsMs.toFixed(0)} ms`);
    this.#cells.powerOff(zone);
    this.#later(lastsMs, () => void this.#cells.powerOn(zone));
  }

  #freeze(lastsMs: number): void {
    const zone = this.#anyZone();
    this.#note(`${zone.id} freezes for ${lastsMs.toFixed(0)} ms`);
    zone.clock.freeze();
    this.#later(lastsMs, () => zone.clock.thaw());
  }

  #everythingDies(lastsMs: number): void {
    this.#note('everything dies');
    this.#cells.killSequencer();
    for (const zone of this.#cells.zones) this.#cells.powerOff(zone);
    this.#later(lastsMs, () => {
      this.#cells.startSequencer();
      for (const zone of this.#cells.zones) void this.#cells.powerOn(zone);
    });
  }

  #sequencerDies(lastsMs: number): void {
    this.#note(`the sequencer dies for ${lastsMs.toFixed(0)} ms`);
    this.#cells.killSequencer();
    this.#later(lastsMs, () => {
      this.#cells.sequencerClock.skewMs = (2 * this.#random.next() - 1) * LOG_SKEW_MS_MAX;
      this.#cells.startSequencer();
    });
  }

  #skew(): void {
    const zone = this.#anyZone();
    zone.clock.skewMs = (2 * this.#random.next() - 1) * SKEW_MS_MAX;
    this.#note(`${zone.id}: its clock is off by ${(zone.clock.skewMs / 60_000).toFixed(1)} minutes`);
  }

  #link(fault: string, to: string, settings: Record<string, number>, lastsMs: number, oneWay = false): void {
    const id = `storm-${++this.#ruleId}`;
    const from = this.#anyZone().id;
    this.#note(
      `${fault} ${from} ${oneWay ? '>' : '<>'} ${to} ${JSON.stringify(settings)} for ${lastsMs.toFixed(0)} ms`,
    );
    const { rules } = this.#cells.network;
    rules.add({ id, fault, from, to, oneWay, toxicity: 1, seed: this.#ruleId, settings });
    this.#later(lastsMs, () => void rules.remove(id));
  }
}
