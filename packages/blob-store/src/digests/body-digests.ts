/** The digests of one body, taken in one pass. */
import { createHash, hash } from 'node:crypto';
import { crcSum } from './crc.ts';
import type { DigestName, DigestValues } from './digest-name.ts';

interface Sum {
  update(bytes: Uint8Array): unknown;
  digest(): Buffer;
}

const begin = (name: DigestName): Sum =>
  name.startsWith('crc') ? crcSum(name as `crc${string}` & DigestName) : createHash(name);

export class BodyDigests {
  readonly #sums: readonly (readonly [DigestName, Sum])[];

  constructor(wants: readonly DigestName[]) {
    this.#sums = [...new Set(wants)].map(name => [name, begin(name)]);
  }

  update(bytes: Uint8Array): void {
    for (const [, sum] of this.#sums) sum.update(bytes);
  }

  /** The end: nothing can be added after it. */
  finish(): DigestValues {
    return Object.fromEntries(this.#sums.map(([name, sum]) => [name, sum.digest()]));
  }
}

/** The digests of a body that is in memory. */
export const digestsOf = (wants: readonly DigestName[], body: Uint8Array): DigestValues =>
  Object.fromEntries(wants.map(name => [name, digestOf(name, body)]));

/** One digest of bytes at hand. */
export function digestOf(name: DigestName, bytes: Uint8Array): Buffer {
  if (!name.startsWith('crc')) return hash(name, bytes, 'buffer');
  const sum = begin(name);
  sum.update(bytes);
  return sum.digest();
}
