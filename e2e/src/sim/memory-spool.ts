/** A simulated zone's disk for events: it survives power cuts, and is full when the others are. */
import type { SpoolStore } from '@stormglass/region/zone';

export class MemorySpool {
  readonly #segments = new Map<number, string>();
  isFull = false;

  /** The disk as one life of the zone sees it: what comes after that life does not reach it. */
  mount(isAlive: () => boolean): SpoolStore {
    const segments = this.#segments;
    return {
      segments: () => [...segments.keys()].sort((a, b) => a - b),
      read: segment => segments.get(segment) ?? '',
      append: (segment, text) => {
        if (!isAlive()) throw new Error('the power is off');
        if (this.isFull) throw new Error('ENOSPC: no space left on device');
        segments.set(segment, (segments.get(segment) ?? '') + text);
      },
      remove: segment => {
        if (isAlive()) segments.delete(segment);
      },
    };
  }
}
