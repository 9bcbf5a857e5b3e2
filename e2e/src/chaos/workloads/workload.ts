/** What a workload is: processes that do one thing after the other, through the SDK, and write down how it went. */
import type { Random } from '@stormglass/base';
import type { Checker } from '../checkers/checker.ts';
import type { Clients } from '../clients.ts';
import type { History } from '../history.ts';

export interface WorkloadProcess {
  /** Unlike that of any other process of the run. */
  readonly name: string;
  readonly clients: Clients;
  readonly random: Random;
  readonly history: History;
}

export interface Workload {
  readonly name: string;
  readonly processes: number;
  /** What its history proves, beside what that of any workload does. */
  readonly checkers: readonly Checker[];
  /** Makes what its processes need, once, while the region is well; rejects when it cannot. */
  prepare?(clients: Clients): Promise<void>;
  /** A process: each call does one thing more. */
  begin(process: WorkloadProcess): () => Promise<void>;
}
