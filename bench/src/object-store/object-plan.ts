/** What the load generator of the object store is asked to do: the messages between it and the benchmark. */
import type { Signer } from '@stormglass/testing';

export interface ObjectPlan {
  readonly port: number;
  readonly signer: Signer;
  /** `fill` puts each key once; all others go on until the time is up. */
  readonly kind: 'fill' | 'put' | 'get' | 'list';
  /** Bytes of an object. */
  readonly size: number;
  /** Different keys, used in turn. */
  readonly keys: number;
  /** In front of each key. */
  readonly prefix: string;
  readonly inFlight: number;
  readonly warmUpMs: number;
  readonly measureMs: number;
  /** The processes whose CPU time is read when measuring begins and ends. */
  readonly pids: readonly number[];
}

export const BUCKET = 'bench';
