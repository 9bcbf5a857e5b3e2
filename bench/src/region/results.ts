/** Everything one run of the benchmark found; a part that was not asked for, or could not be had, is undefined. */
import type { Measurement } from './measurement.ts';
import type { Footprint } from './section-memory.ts';
import type { Profile } from './section-profile.ts';
import type { StartUp } from './section-start-up.ts';
import type { TokenTimes } from './section-tokens.ts';

export interface Results {
  readonly machine: Machine;
  readonly rounds: number;
  readonly seconds: number;
  readonly startUp?: StartUp | undefined;
  readonly memory?: { readonly idle: Footprint; readonly loaded: Footprint | undefined } | undefined;
  readonly calls?: readonly Measurement[] | undefined;
  readonly tokens?: TokenTimes | undefined;
  readonly engines?: readonly Measurement[] | undefined;
  readonly telemetry?: readonly Measurement[] | undefined;
  readonly profiles?: readonly Profile[] | undefined;
}

export interface Machine {
  readonly cores: number;
  readonly model: string;
  readonly memoryGiB: number;
  readonly node: string;
  readonly moto: string;
  readonly begun: string;
  /** Average number of running processes over a minute, before and after. */
  readonly loadBefore: number;
  readonly loadAfter: number;
}
