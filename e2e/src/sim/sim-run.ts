/**
 * One seed: a region, clients at work, a random schedule of misfortune, then calm; and the verdict over what the clients
 * saw and what the zones hold. `npm run replay -- SEED` replays one with its story.
 */

import { pick, type Random, seededRandom, sleep } from '@stormglass/base';
import { registersAreLinearizable } from '../chaos/checkers/registers.ts';
import { usersAreKept } from '../chaos/checkers/users.ts';
import { auditViolations } from './sim-audit.ts';
import { newHistory, SimClient, type SimHistory } from './sim-client.ts';
import { type PlantedBug, SIM_LOGS, SimRegion } from './sim-region.ts';
import { SimStorm } from './sim-storm.ts';
import type { Trouble } from './trouble.ts';

export interface SimReport {
  readonly seed: number;
  readonly violations: readonly string[];
  readonly calls: number;
  readonly failed: number;
  readonly faults: readonly string[];
}

const ROLES = ['alpha', 'beta'];
const ACCOUNT = '000000000000';
const USERS_MAX = 10_000;
const CLIENTS = 3;
const STORM_MS = 6000;
const CALM_MS = 20_000;

/** Runs one seed, which decides everything, and judges it. */
export function simulate(seed: number, bug: PlantedBug = 'none', verbose = false): Promise<SimReport> {
  return simulateTrouble(region => new SimStorm(region, seededRandom(seed + 7)), seed, bug, verbose);
}

/** Runs clients against a region in trouble of the caller's choice, and judges what they saw. */
export async function simulateTrouble(
  troubleOf: (region: SimRegion, history: SimHistory) => Trouble,
  seed: number,
  bug: PlantedBug,
  verbose: boolean,
): Promise<SimReport> {
  const region = new SimRegion({ seed, bug, verbose });
  const history = newHistory(region.clock);
  const trouble = troubleOf(region, history);
  await new Run(region, history, trouble, bug, seed).go();
  return { seed, violations: history.violations, calls: history.calls, failed: history.failed, faults: trouble.story };
}

class Run {
  readonly #region: SimRegion;
  readonly #history: SimHistory;
  readonly #trouble: Trouble;
  readonly #clients: readonly SimClient[];
  readonly #random: Random;
  #working = true;
  #finished = false;

  constructor(region: SimRegion, history: SimHistory, trouble: Trouble, bug: PlantedBug, seed: number) {
    this.#region = region;
    this.#history = history;
    this.#trouble = trouble;
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
      await this.#trouble.rage(STORM_MS);
      await this.#trouble.calm();
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
          SIM_LOGS.map(log => `${running.parts.replicas[log]?.applied}/${running.parts.replicas[log]?.hash}`).join(),
      );
      const allHealthy = this.#region.zones.every(
        ({ running }) => running?.parts.health().log === 'ok' && running.parts.audit?.waiting === 0,
      );
      if (allHealthy && new Set(states).size === 1) return;
      await sleep(this.#region.clock, 50);
    }
    this.#history.violations.push('the zones did not come to agree');
  }

  #judge(): void {
    const { violations, seen } = this.#history;
    for (const { id: zone, running } of this.#region.zones) {
      const { items = [] } = running?.parts.iam.view.listUsers(ACCOUNT, { max: USERS_MAX }) ?? {};
      seen.add({ type: 'final', zone, users: Object.fromEntries(items.map(({ name, id }) => [name, id])) });
    }
    violations.push(...auditViolations(this.#region, ACCOUNT, this.#history.acknowledged));
    for (const check of [registersAreLinearizable, usersAreKept]) {
      const { verdict, problems } = check(seen.entries, { mayFail: true });
      if (verdict === 'invalid') violations.push(...problems);
    }
  }
}
