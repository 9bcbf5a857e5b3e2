/** Runs one scenario on a real region: workloads at work, faults by the clock, calm, a last look into each zone, the verdict. */
import { type Clock, errorStory, type Random, seededRandom, sleep } from '@stormglass/base';
import type { TestRegion } from '@stormglass/test-region';
import { until } from '@stormglass/testing';
import { type Finding, overall, type Verdict } from './checkers/checker.ts';
import { checkersOf } from './checkers/index.ts';
import { Clients } from './clients.ts';
import type { Stage, Target } from './faults/fault.ts';
import { History, type ZoneSample } from './history.ts';
import { playFaults, type Scenario } from './scenario.ts';
import { WORKLOADS } from './workloads/index.ts';
import { allObjects, objects as objectWorkload } from './workloads/objects.ts';
import { allUsers } from './workloads/users.ts';
import type { Workload } from './workloads/workload.ts';

export interface ScenarioRun {
  readonly scenario: Scenario;
  readonly region: Pick<TestRegion, 'endpoint' | 'zones' | 'status' | 'waitReady'>;
  readonly target: Target;
  readonly clock: Clock;
  /** Decides whom faults meet, and what workloads do; not when answers come. */
  readonly seed: number;
  readonly durationMs: number;
  /** An account that nobody else uses: twelve digits. */
  readonly account: string;
  readonly workloads?: readonly Workload[];
  /** Between two operations of a process, in ms. */
  readonly paceMs?: number;
  /** Gets the history, line by line. */
  readonly keep?: (line: string) => void;
}

export interface ScenarioReport {
  readonly scenario: string;
  readonly hypothesis: string;
  readonly stage: Stage;
  readonly seed: number;
  readonly durationMs: number;
  readonly verdict: Verdict;
  readonly findings: readonly Finding[];
}

const PACE_MS = 100;
const SAMPLE_MS = 500;
/** Work goes on after everything has come back, to see that it does. */
const AFTER_MS = 2500;
const HEAL_TIMEOUT_MS = 120_000;
const SILENCE_MS_MAX = 60_000;

/** @throws Error when the run itself cannot be done: nothing was broken, or the region never came back */
export async function runScenario(run: ScenarioRun): Promise<{ report: ScenarioReport; history: History }> {
  const { scenario, region, account, workloads = WORKLOADS, seed, durationMs } = run;
  const preparing = new Clients(region.endpoint, account);
  for (const workload of workloads) await workload.prepare?.(preparing);
  preparing.close();

  const history = new History(run.clock, run.keep);
  const random = seededRandom(seed);
  const work = new Work(run, history, random);
  try {
    await playFaults(scenario, { ...run, random: seededRandom(seed + 1), history });
    // A world that has just been started does not listen yet.
    await until('the region to be ready', () => region.waitReady(HEAL_TIMEOUT_MS).then(() => true), HEAL_TIMEOUT_MS);
    history.add({ type: 'recovered', at: history.now() });
    await sleep(run.clock, AFTER_MS);
  } finally {
    await work.stop();
  }
  await lookIntoEachZone(run, history);
  const findings = checkersOf(workloads).map(check => check(history.entries, scenario));
  const { name, hypothesis } = scenario;
  const verdict = overall(findings);
  const report = { scenario: name, hypothesis, stage: run.target.stage, seed, durationMs, verdict, findings };
  return { report, history };
}

/** All processes of all workloads, and whoever watches the zones. */
class Work {
  readonly #run: ScenarioRun;
  readonly #history: History;
  readonly #clients: Clients[] = [];
  readonly #loops: Promise<void>[] = [];
  #isOver = false;

  constructor(run: ScenarioRun, history: History, random: Random) {
    this.#run = run;
    this.#history = history;
    for (const workload of run.workloads ?? WORKLOADS) {
      for (let n = 0; n < workload.processes; n++) {
        const clients = new Clients(run.region.endpoint, run.account);
        this.#clients.push(clients);
        const name = `${workload.name}-${n}`;
        const step = workload.begin({ name, clients, random: seededRandom(1 + random.next() * 2 ** 31), history });
        this.#loops.push(this.#loop(step, run.paceMs ?? PACE_MS));
      }
    }
    this.#loops.push(this.#loop(() => this.#sample(), SAMPLE_MS));
  }

  async stop(): Promise<void> {
    this.#isOver = true;
    const close = () => {
      for (const clients of this.#clients) clients.close();
    };
    // A call on a connection that went silent would wait for ever: the SDK has no timeouts unless told to.
    const cancel = this.#run.clock.after(SILENCE_MS_MAX, close);
    await Promise.all(this.#loops);
    cancel();
    close();
  }

  async #loop(step: () => Promise<void>, paceMs: number): Promise<void> {
    while (!this.#isOver) {
      await step();
      await sleep(this.#run.clock, paceMs);
    }
  }

  async #sample(): Promise<void> {
    const { region } = this.#run;
    const zones = await region.status().then(
      status => status.zones,
      () => region.zones.map(({ id }) => ({ id, healthy: false, log: undefined })),
    );
    const at = this.#history.now();
    for (const zone of zones) this.#history.add({ type: 'zone', zone: zone.id, state: stateOf(zone), at });
  }
}

function stateOf({ healthy, log }: { healthy: boolean; log: 'ok' | 'degraded' | 'no-quorum' | undefined }) {
  const states = { ok: 'well', degraded: 'degraded', 'no-quorum': 'no-quorum' } as const;
  return (healthy && log !== undefined ? states[log] : 'out') satisfies ZoneSample['state'];
}

/** Every zone, asked by itself, once it has caught up. */
async function lookIntoEachZone(
  { region, account, workloads = WORKLOADS }: ScenarioRun,
  history: History,
): Promise<void> {
  for (const { id: zone, endpoint } of region.zones) {
    const clients = new Clients(endpoint, account);
    const look = async () => ({
      users: await allUsers(clients),
      objects: workloads.some(({ name }) => name === objectWorkload.name) ? await allObjects(clients) : undefined,
    });
    const { users, objects } = await until(`what is in ${zone}`, look, HEAL_TIMEOUT_MS).catch((error: unknown) => {
      throw new Error(`${zone} cannot be looked into: ${errorStory(error)}`, { cause: error });
    });
    clients.close();
    history.add({ type: 'final', zone, users });
    if (objects !== undefined) history.add({ type: 'final-objects', zone, objects });
  }
}
