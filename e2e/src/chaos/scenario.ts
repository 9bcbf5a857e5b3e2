/**
 * A scenario: workloads, what breaks and when, and what must hold all the same. It is a value without clock or chance:
 * the simulation plays it on virtual time, the same one runs on real regions.
 */
import { type Clock, errorStory, type Random, sleep } from '@stormglass/base';
import type { ScenarioFault, Stage, Target } from './faults/fault.ts';
import type { History } from './history.ts';

/** A fault and its time, in shares of the run: 0 is its beginning, 1 its end. */
export interface FaultWindow {
  readonly fault: ScenarioFault;
  readonly from: number;
  readonly until: number;
  /** Comes after the one before it that is in turn, and not before everything is back: a busy machine takes longer. */
  readonly isInTurn?: true;
}

export interface Scenario {
  readonly name: string;
  /** What we believe will happen. */
  readonly hypothesis: string;
  readonly windows: readonly FaultWindow[];
  /** Whether calls may fail, after all retries, while something is broken: all, or those of a workload (`users create`). */
  readonly mayFail: boolean | readonly string[];
}

/** Where all of its faults can be had. */
export const runsOn = (scenario: Scenario, stage: Stage): boolean =>
  scenario.windows.every(({ fault }) => fault.stages.includes(stage));

export interface FaultPlay {
  readonly target: Target;
  readonly clock: Clock;
  readonly random: Random;
  readonly history: History;
  readonly durationMs: number;
}

/**
 * Breaks and heals as the scenario says; resolves when its time is over and everything is healed.
 * @throws Error when something cannot be broken, or not be healed, once everything else is healed
 */
export async function playFaults(scenario: Scenario, play: FaultPlay): Promise<void> {
  const { clock, history, durationMs } = play;
  const beganAt = history.now();
  const until = (share: number) => sleep(clock, Math.max(0, beganAt + share * durationMs - history.now()));
  let lastTurn: Promise<unknown> = Promise.resolve();
  const alone = async (window: FaultWindow, id: number) => {
    await until(window.from);
    await during(window, id, play, () => until(window.until));
  };
  const inTurn = async (window: FaultWindow, id: number, before: Promise<unknown>) => {
    // Its problem is told by itself.
    await before.catch(() => {});
    await until(window.from);
    await play.target.back();
    await during(window, id, play, () => sleep(clock, (window.until - window.from) * durationMs));
  };
  const windows = scenario.windows.map((window, id) => {
    if (window.isInTurn !== true) return alone(window, id);
    const turn = inTurn(window, id, lastTurn);
    lastTurn = turn;
    return turn;
  });
  const ends = await Promise.allSettled([...windows, until(1)]);
  const problems = ends.flatMap(end => (end.status === 'rejected' ? [errorStory(end.reason)] : []));
  if (problems.length > 0) throw new Error(`the faults of ${scenario.name}: ${problems.join('; ')}`);
}

async function during(
  { fault }: FaultWindow,
  id: number,
  { target, random, history }: FaultPlay,
  wait: () => Promise<void>,
): Promise<void> {
  // Its effects may be felt before it is complete: killing a zone of containers takes a while.
  const at = history.now();
  const { what, heal } = await fault.begin(target, random);
  const event = { type: 'fault', id, fault: fault.name, what } as const;
  history.add({ ...event, phase: 'begin', at });
  try {
    await wait();
  } finally {
    await heal();
    history.add({ ...event, phase: 'end', at: history.now() });
  }
}
