/**
 * Who did most of late: counts in slots of time, so that what is old goes away by itself. Each slot keeps the greatest
 * only: of any number of contributors those that stand out are found, and memory stays bounded.
 */
import type { Contribution } from './hot-state.ts';

/** Length of a slot. */
export const SLOT_MS = 10_000;
/** Slots that are kept; with Redis as well. */
export const SLOTS = 30;
/** The longest window that can be asked for. */
export const WINDOW_MS_MAX = SLOTS * SLOT_MS;
/** Contributors a slot keeps, of twice as many that it counts. */
export const KEPT_MAX = 250;
/** A longer name is cut here. */
export const CONTRIBUTOR_CHARS_MAX = 512;

/** Amounts in boxes: to add to one is a look-up, and not a second one to store it. */
export type Amounts = Map<string, { amount: number }>;

interface Slot {
  readonly number: number;
  readonly amounts: Amounts;
}

export class ContributorTable {
  /** Oldest first. */
  readonly #slots: Slot[] = [];

  add(contributor: string, amount: number, now: number): void {
    addTo(this.#slotAt(now).amounts, contributor, amount);
  }

  top(n: number, windowMs: number, now: number): readonly Contribution[] {
    const first = Math.floor(now / SLOT_MS) - slotsIn(windowMs) + 1;
    const sum: Amounts = new Map();
    for (const { number, amounts } of this.#slots) {
      if (number < first) continue;
      for (const [contributor, { amount }] of amounts) {
        const box = sum.get(contributor);
        if (box === undefined) sum.set(contributor, { amount });
        else box.amount += amount;
      }
    }
    return greatest(sum, n);
  }

  #slotAt(now: number): Slot {
    const number = Math.floor(now / SLOT_MS);
    const newest = this.#slots.at(-1);
    // A clock that goes backwards goes on in the slot it was in.
    if (newest !== undefined && number <= newest.number) return newest;
    if (newest !== undefined) keepGreatest(newest.amounts);
    const slot: Slot = { number, amounts: new Map() };
    this.#slots.push(slot);
    while (this.#slots[0]!.number <= number - SLOTS) this.#slots.shift();
    return slot;
  }
}

/** Adds to a map of amounts that keeps the greatest. */
export function addTo(amounts: Amounts, name: string, amount: number): void {
  const contributor = name.length > CONTRIBUTOR_CHARS_MAX ? name.slice(0, CONTRIBUTOR_CHARS_MAX) : name;
  const box = amounts.get(contributor);
  if (box !== undefined) {
    box.amount += amount;
    return;
  }
  if (amounts.size >= 2 * KEPT_MAX) keepGreatest(amounts);
  amounts.set(contributor, { amount });
}

/** Slots that a window touches at most, the current one included. */
export const slotsIn = (windowMs: number): number => Math.min(SLOTS, Math.max(1, Math.ceil(windowMs / SLOT_MS) + 1));

export const greatest = (amounts: Amounts, n: number): Contribution[] =>
  [...amounts]
    .map(([contributor, { amount }]) => ({ contributor, amount }))
    .sort((a, b) => b.amount - a.amount || (a.contributor < b.contributor ? -1 : 1))
    .slice(0, n);

function keepGreatest(amounts: Amounts): void {
  const kept = new Set(greatest(amounts, KEPT_MAX).map(({ contributor }) => contributor));
  for (const contributor of amounts.keys()) if (!kept.has(contributor)) amounts.delete(contributor);
}
