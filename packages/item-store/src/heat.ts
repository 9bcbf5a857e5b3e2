/**
 * Where partitions are written, and how much: every replica applies all writes, so each knows it without asking. It is no
 * part of the state, and begins anew with the process.
 */
import type { PartitionDefinition } from './partition.ts';

/** How much a partition is written. */
export interface PartitionHeat {
  /** Write units a second that it had in each of the last three windows. */
  readonly perSecond: number;
  /** The hash that parts it into halves written about alike; undefined where nearly all goes to one place. */
  readonly middle: number | undefined;
}

const WINDOW_MS = 10_000;
const WINDOWS = 3;
/** Equal ranges of hashes of a partition that are told apart. */
const SLICES = 64;
/** The colder part of a partition that is worth splitting has this share at least. */
const PART_MIN = 0.1;

interface Heated {
  readonly from: number;
  readonly to: number;
  /** Log time at which the newest window began. */
  since: number;
  /** Units by slice, the newest window first. */
  windows: Float64Array[];
}

type Range = Pick<PartitionDefinition, 'id' | 'from' | 'to'>;

export class Heat {
  readonly #heated = new Map<number, Heated>();

  /** `now`: log time in ms. */
  add(at: Range, hash: number, units: number, now: number): void {
    const heated = this.#rolled(at, now);
    const slice = Math.floor(((hash - at.from) * SLICES) / (at.to - at.from));
    heated.windows[0]![slice]! += units;
  }

  /** Of a partition at a log time in ms. Nothing is known until three windows are over. */
  of(at: Range, now: number): PartitionHeat {
    const over = this.#rolled(at, now).windows.slice(1);
    if (over.length < WINDOWS) return { perSecond: 0, middle: undefined };
    const sums = over.map(window => window.reduce((sum, units) => sum + units, 0));
    return { perSecond: (Math.min(...sums) * 1000) / WINDOW_MS, middle: middleOf(at, over) };
  }

  forget(partition: number): void {
    this.#heated.delete(partition);
  }

  #rolled({ id, from, to }: Range, now: number): Heated {
    let heated = this.#heated.get(id);
    if (heated === undefined || heated.from !== from || heated.to !== to) {
      heated = { from, to, since: now, windows: [new Float64Array(SLICES)] };
      this.#heated.set(id, heated);
    }
    for (let n = 0; n <= WINDOWS && now - heated.since >= WINDOW_MS; n++) {
      heated.windows = [new Float64Array(SLICES), ...heated.windows.slice(0, WINDOWS)];
      heated.since += WINDOW_MS;
    }
    if (now - heated.since >= WINDOW_MS) heated.since = now;
    return heated;
  }
}

function middleOf({ from, to }: Range, windows: readonly Float64Array[]): number | undefined {
  const slices = Array.from({ length: SLICES }, (_, i) => windows.reduce((sum, window) => sum + window[i]!, 0));
  const total = slices.reduce((sum, units) => sum + units, 0);
  let [below, best, bestBelow] = [0, 0, 0];
  for (let i = 1; i < SLICES; i++) {
    below += slices[i - 1]!;
    if (Math.abs(below - total / 2) >= Math.abs(bestBelow - total / 2)) continue;
    [best, bestBelow] = [i, below];
  }
  if (Math.min(bestBelow, total - bestBelow) < total * PART_MIN) return undefined;
  return from + Math.floor((best * (to - from)) / SLICES);
}
