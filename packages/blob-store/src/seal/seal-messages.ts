/** What the main thread and a worker say to each other. Bytes lie in memory that both see. */
import type { DigestName } from '../digests/digest-name.ts';
import type { BodySealOptions } from './body-seal.ts';

export interface SealJob {
  /** Which slot of the shared memory, and how much of it. */
  readonly slot: number;
  readonly storedBytes: number;
  readonly isLast: boolean;
}

export interface ToSealWorker {
  /** Which body this is of. */
  readonly body: number;
  /** With the first batch of a body. */
  readonly begin?: BodySealOptions;
  /** Without one, the body is given up. */
  readonly job?: SealJob;
}

/** To each job one, in order. */
export interface FromSealWorker {
  readonly body: number;
  /** With the last batch. */
  readonly digests?: Readonly<Partial<Record<DigestName, Uint8Array>>> | undefined;
  readonly error?: string;
}
