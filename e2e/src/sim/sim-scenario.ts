/**
 * The scenarios of the chaos suites on virtual time: the same names, faults, windows and checkers as on real regions, in
 * milliseconds, and repeatable.
 */
import { type Random, seededRandom } from '@stormglass/base';
import type { FaultRequest } from '@stormglass/contracts';
import type { Heal, Part, Target } from '../chaos/faults/fault.ts';
import { faultSpans } from '../chaos/history.ts';
import { playFaults, type Scenario } from '../chaos/scenario.ts';
import type { SimHistory } from './sim-client.ts';
import { type PlantedBug, type SimRegion, ZONES } from './sim-region.ts';
import { type SimReport, simulateTrouble } from './sim-run.ts';
import type { Trouble } from './trouble.ts';

/** Plays one scenario with one seed, and judges it. */
export function simulateScenario(
  scenario: Scenario,
  seed: number,
  bug: PlantedBug = 'none',
  verbose = false,
): Promise<SimReport> {
  const troubleOf = (region: SimRegion, history: SimHistory) =>
    new SimScenario(scenario, region, history, seededRandom(seed + 7));
  return simulateTrouble(troubleOf, seed, bug, verbose);
}

class SimScenario implements Trouble {
  readonly #scenario: Scenario;
  readonly #region: SimRegion;
  readonly #history: SimHistory;
  readonly #random: Random;

  constructor(scenario: Scenario, region: SimRegion, history: SimHistory, random: Random) {
    this.#scenario = scenario;
    this.#region = region;
    this.#history = history;
    this.#random = random;
  }

  get story(): string[] {
    return faultSpans(this.#history.seen.entries).map(
      ({ what, from, until }) => `${from.toFixed(0)} to ${until.toFixed(0)} ms: ${what}`,
    );
  }

  rage(durationMs: number): Promise<void> {
    const target = new SimTarget(this.#region);
    const { clock } = this.#region;
    return playFaults(this.#scenario, {
      ...{ target, clock, durationMs, random: this.#random, history: this.#history.seen },
    });
  }

  /** Every fault of a scenario heals itself. */
  async calm(): Promise<void> {}
}

/** A simulated region, as scenarios break it. */
class SimTarget implements Target {
  readonly stage = 'simulated';
  readonly zones = ZONES;
  readonly #region: SimRegion;
  #rules = 0;

  constructor(region: SimRegion) {
    this.#region = region;
  }

  /** Whatever was mended has begun again, and no machine is busy. */
  async back(): Promise<void> {}

  async add(request: FaultRequest): Promise<Heal> {
    const { fault, settings = {} } = request;
    const region = this.#region;
    const zone = region.zones.find(({ id }) => id === request.zone);
    if (zone === undefined) return this.#addRule(request);
    switch (fault) {
      case 'power-off':
        region.powerOff(zone);
        return () => region.powerOn(zone);
      case 'cut-off':
        return this.#addRule({ fault: 'partition', from: zone.id });
      case 'disk-full':
        region.setDiskFull(zone, true);
        return async () => region.setDiskFull(zone, false);
      case 'clock-skew':
        zone.skewMs = Number(settings.skewMs);
        return async () => {
          zone.skewMs = 0;
        };
      default:
        throw new RangeError(`${fault} is not simulated`);
    }
  }

  async kill(part: Part): Promise<{ readonly who: string; readonly heal: Heal }> {
    if (part !== 'log-leader') throw new RangeError(`${part} is not simulated`);
    this.#region.killSequencer();
    return { who: 'the sequencer', heal: async () => this.#region.startSequencer() };
  }

  #addRule({ fault, from = '*', to = '*', oneWay = false, seed, settings = {} }: FaultRequest): Heal {
    const { rules } = this.#region.network;
    const n = ++this.#rules;
    const id = `scenario-${n}`;
    rules.add({ id, fault, from, to, oneWay, toxicity: 1, seed: seed ?? n, settings });
    return async () => void rules.remove(id);
  }
}
