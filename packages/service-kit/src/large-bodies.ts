/**
 * Bounds what all large bodies of a host have in memory together. A service may take bodies that are larger than those of
 * all others, before it knows whose they are: without a bound a few hundred connections would fill the memory.
 */

/** Enough for a few of the largest at once; those that find no room are asked to come again. */
export const LARGE_BYTES_MAX = 64 * 1024 * 1024;

export class LargeBodies {
  #left: number;

  constructor(bytesMax: number) {
    this.#left = bytesMax;
  }

  /** True when there is room for so many bytes more; they must then be given back. */
  take(bytes: number): boolean {
    if (bytes > this.#left) return false;
    this.#left -= bytes;
    return true;
  }

  giveBack(bytes: number): void {
    this.#left += bytes;
  }
}
