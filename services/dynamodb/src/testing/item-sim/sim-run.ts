/**
 * One seed: three cells over three zones, clients at work, a random schedule of misfortune, then calm; and the verdict over
 * what the clients saw and what the zones hold.
 */
import { errorStory, pick, type Random, seededRandom, sleep } from '@stormglass/base';
import { executeIn } from '../../data/cells.ts';
import { finishAbandoned } from '../../data/transactions/finish-abandoned.ts';
import { Bank } from './bank.ts';
import { Lists } from './lists.ts';
import type { PlantedBug } from './planted-bugs.ts';
import { Registers } from './registers.ts';
import { SimCells, type SimZone } from './sim-cells.ts';
import { SimClient } from './sim-client.ts';
import { SimStorm } from './sim-storm.ts';
import { CELLS, PARTITIONS } from './sim-table.ts';
import type { Workload } from './workload.ts';

export interface ItemSimReport {
  readonly seed: number;
  readonly violations: readonly string[];
  readonly calls: number;
  readonly faults: readonly string[];
}

const CLIENTS = 3;
const STORM_MS = 2500;
const WORK_AFTER_MS = 500;
const CALM_MS = 30_000;
const KEEPER_MS = 700;

/** Runs one seed, which decides everything, and judges it. */
export async function simulateItems(seed: number, bug: PlantedBug = 'none'): Promise<ItemSimReport> {
  const run = new Run(seed, bug);
  await run.go();
  return { seed, violations: run.violations, calls: run.calls, faults: run.faults };
}

class Run {
  readonly violations: string[] = [];
  readonly #cells: SimCells;
  readonly #storm: SimStorm;
  readonly #random: Random;
  readonly #workloads: readonly Workload[];
  readonly #clients: readonly SimClient[];
  #isWorking = true;
  #isOver = false;

  constructor(seed: number, bug: PlantedBug) {
    this.#cells = new SimCells(seed, bug);
    this.#storm = new SimStorm(this.#cells, seededRandom(seed + 7));
    this.#random = seededRandom(seed + 13);
    const moment = { random: this.#random, now: () => this.#cells.clock.monotonic() };
    this.#workloads = [new Registers(moment), new Lists(moment), new Bank(moment)];
    this.#clients = Array.from({ length: CLIENTS }, (_, i) => {
      const options = { name: `c${i}`, retriesWithNewIds: bug === 'retries-with-new-ids', broken: this.#broken };
      return new SimClient(this.#cells, seededRandom(seed * 31 + i), options);
    });
  }

  get calls(): number {
    return this.#clients.reduce((sum, { calls }) => sum + calls, 0);
  }

  get faults(): readonly string[] {
    return this.#storm.story;
  }

  async go(): Promise<void> {
    const { clock } = this.#cells;
    this.#tell().catch((error: unknown) => this.violations.push(`the simulation itself failed: ${errorStory(error)}`));
    await clock.run(STORM_MS + CALM_MS + 20_000, () => this.#isOver);
    if (!this.#isOver) this.violations.push('the cells did not heal');
    await this.#cells.end();
    for (const workload of this.#workloads) this.violations.push(...workload.problems());
  }

  readonly #broken = (story: string): void => {
    this.violations.push(`a client was told: ${story}`);
  };

  async #tell(): Promise<void> {
    const { clock, zones } = this.#cells;
    const [first] = this.#clients;
    try {
      await this.#cells.start();
      for (const { cell, command } of PARTITIONS)
        while ((await first!.ask((deps, call) => executeIn(deps, cell, call, command, ''))).kind !== 'ok');
      for (const workload of this.#workloads) await workload.prepare?.(first!);
      for (const zone of zones) void this.#keep(zone);
      const work = this.#clients.map(client => this.#work(client));
      await this.#storm.rage(STORM_MS);
      await this.#storm.calm();
      await sleep(clock, WORK_AFTER_MS);
      this.#isWorking = false;
      await Promise.all(work);
      await this.#settled();
      for (const workload of this.#workloads) await workload.finish?.(first!);
    } finally {
      this.#isOver = true;
    }
  }

  async #work(client: SimClient): Promise<void> {
    while (this.#isWorking) {
      await pick(this.#random, this.#workloads).step(client);
      await sleep(this.#cells.clock, 60 * this.#random.next());
    }
  }

  /** Every zone looks after abandoned transactions of all cells, by its own clock. */
  async #keep(zone: SimZone): Promise<void> {
    while (!this.#isOver) {
      await sleep(zone.clock, KEEPER_MS);
      const { deps } = zone.running ?? {};
      const call = { deadline: zone.clock.monotonic() + 1000, trace: undefined };
      // What could not be done is for the next round.
      for (const cell of deps === undefined ? [] : CELLS)
        await finishAbandoned(deps!, cell, zone.clock.now(), call).catch(() => {});
    }
  }

  /** Waits until every zone has the same, and no transaction is left. */
  async #settled(): Promise<void> {
    const { clock, zones } = this.#cells;
    const deadline = clock.monotonic() + CALM_MS;
    while (clock.monotonic() < deadline) {
      const states = zones.map(({ running }) =>
        CELLS.map(cell => {
          const replica = running?.replicas.get(cell);
          const open = replica && [...replica.view.prepared(Infinity, 1), ...replica.view.committed(Infinity, 1)];
          return replica && open?.length === 0 ? `${replica.applied}/${replica.hash}` : 'open';
        }).join(),
      );
      if (new Set(states).size === 1 && !states[0]!.includes('open')) return;
      await sleep(clock, 200);
    }
    this.violations.push('the zones did not come to agree, or transactions did not end');
  }
}
