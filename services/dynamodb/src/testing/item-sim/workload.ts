/** What a workload of the simulation is: clients take steps in it, and in the end it says what cannot be explained. */
import type { Random } from '@stormglass/base';
import type { SimClient } from './sim-client.ts';

export interface Moment {
  readonly random: Random;
  /** Ms since the run began. */
  readonly now: () => number;
}

export interface Workload {
  /** Makes what is to be there first, while all is well. */
  prepare?(client: SimClient): Promise<void>;
  step(client: SimClient): Promise<void>;
  /** A last look, when all is well again. */
  finish?(client: SimClient): Promise<void>;
  problems(): string[];
}
