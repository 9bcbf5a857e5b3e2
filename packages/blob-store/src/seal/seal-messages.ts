/** What the main thread and a worker say to each other. */
import type { DigestName } from '../digests/digest-name.ts';
import type { BodySealOptions } from './body-seal.ts';

export interface ToSealWorker {
  /** Which body this is of. */
  readonly body: number;
  /** With the first batch of a body. */
  readonly begin?: BodySealOptions;
  /** Without one, the body is given up. */
  readonly job?: { readonly batch: ArrayBuffer; readonly isLast: boolean };
}

export interface FromSealWorker {
  readonly body: number;
  readonly batch?: ArrayBuffer;
  readonly digests?: Readonly<Partial<Record<DigestName, Uint8Array>>> | undefined;
  readonly error?: string;
}
