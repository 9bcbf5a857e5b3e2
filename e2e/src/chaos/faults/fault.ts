/**
 * What a scenario breaks, and on what: a fault says how it begins and brings its own healing step; a target is a region
 * that can be broken, simulated or real. The same faults run on all of them, as far as each has what they break.
 */
import type { Random } from '@stormglass/base';
import type { FaultRequest } from '@stormglass/contracts';

/** Where scenarios run. */
export type Stage = 'simulated' | 'embedded' | 'docker';

export type Heal = () => Promise<void>;

/** Parts of a region that can be killed by themselves. */
export type Part = 'log-leader' | 'hot-state' | 'world';

export interface Target {
  readonly stage: Stage;
  readonly zones: readonly string[];
  /** Any fault of the catalogue. */
  add(request: FaultRequest): Promise<Heal>;
  /** Resolves when everything is back that is not held down. */
  back(): Promise<void>;
  /** Kills whatever is this part at the moment; `who` says what that was. */
  kill(part: Part): Promise<{ readonly who: string; readonly heal: Heal }>;
}

/** A fault in force. */
export interface Broken {
  /** In words, with the zones it met. */
  readonly what: string;
  readonly heal: Heal;
}

export interface ScenarioFault {
  readonly name: string;
  readonly stages: readonly Stage[];
  /** Chance chooses whom it meets. */
  begin(target: Target, random: Random): Promise<Broken>;
}

/** Adds faults together; they heal together. */
export async function addAll(target: Target, what: string, requests: readonly FaultRequest[]): Promise<Broken> {
  const heals: Heal[] = [];
  for (const request of requests) heals.push(await target.add(request));
  return {
    what,
    heal: async () => {
      for (const heal of heals) await heal();
    },
  };
}
