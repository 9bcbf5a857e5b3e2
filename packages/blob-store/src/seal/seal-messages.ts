/** What the main thread and a worker say to each other. Bytes lie in memory that both see. */
import type { DigestName } from '../digests/digest-name.ts';
import type { BodySealOptions } from './body-seal.ts';

export interface SealJob {
  /** Which slot of the shared memory, and how much of it. */
  readonly slot: number;
  readonly storedBytes: number;
  readonly isLast: boolean;
}

export type ToSealWorker =
  /** The next batch of a body; `begin` comes with the first. */
  | { readonly kind: 'seal'; readonly body: number; readonly begin?: BodySealOptions; readonly job: SealJob }
  /** No more of the body comes. */
  | { readonly kind: 'drop'; readonly body: number };

/** To each `seal`, in order. */
export interface FromSealWorker {
  readonly body: number;
  /** With the last batch. */
  readonly digests?: Readonly<Partial<Record<DigestName, Uint8Array>>> | undefined;
  readonly error?: string;
}
