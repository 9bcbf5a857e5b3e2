/** What the main thread and a worker say to each other. Bytes lie in memory that both see. */
import type { DigestName } from '../digests/digest-name.ts';
import type { BodySealOptions } from './body-seal.ts';

/** Which slot of the shared memory, and how much of it. */
interface InSlot {
  readonly slot: number;
  readonly storedBytes: number;
}

export interface SealJob extends InSlot {
  readonly isLast: boolean;
}

/** Frames to decrypt. */
export interface OpenJob extends InSlot {
  readonly id: string;
  readonly dataKey: Uint8Array;
  /** Of the first frame. */
  readonly place: number;
}

export type ToSealWorker =
  /** The next batch of a body; `begin` comes with the first. */
  | { readonly kind: 'seal'; readonly body: number; readonly begin?: BodySealOptions; readonly job: SealJob }
  /** No more of the body comes. */
  | { readonly kind: 'drop'; readonly body: number }
  | { readonly kind: 'open'; readonly number: number; readonly job: OpenJob };

/** To each `seal` and each `open` one, in order. */
export type FromSealWorker =
  | {
      readonly kind: 'sealed';
      readonly body: number;
      /** With the last batch. */
      readonly digests?: Readonly<Partial<Record<DigestName, Uint8Array>>> | undefined;
      readonly error?: string;
    }
  /** Without `plain`, the frames are not what was sealed. */
  | { readonly kind: 'opened'; readonly number: number; readonly plain: ArrayBuffer[] | undefined };
