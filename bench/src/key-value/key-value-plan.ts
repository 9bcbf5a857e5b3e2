/** What the load generator of the key-value store is asked to do: the messages between it and the benchmark. */
import type { Signer } from '@stormglass/testing';

export const KINDS = [
  'get, eventual',
  'get, strong',
  'put',
  'update',
  'query 100',
  'batch get 25',
  'batch put 25',
  'transaction of 4',
] as const;

export type Kind = (typeof KINDS)[number];

export interface KeyValuePlan {
  readonly port: number;
  readonly signer: Signer;
  /** `fill` puts each item once; all others go on until the time is up. */
  readonly kind: Kind | 'fill';
  /** How many there are in the table. */
  readonly items: number;
  readonly inFlight: number;
  /** Calls a second, evenly, whoever is slow; as many as are answered if absent. */
  readonly perSecond?: number;
  readonly warmUpMs: number;
  readonly measureMs: number;
  /** The processes whose CPU time is read when measuring begins and ends. */
  readonly pids: readonly number[];
}

export const TABLE = 'bench';
