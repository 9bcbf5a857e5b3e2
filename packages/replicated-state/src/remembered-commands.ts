/**
 * The ids of the commands applied lately, with their results: what makes a retry harmless. It is part of the replicated
 * state: it is pruned by log time alone, so every replica remembers and forgets the same ids at the same entry.
 */

/** How long an id is remembered, in ms of log time. Longer than any deadline plus its retries (`replica.ts`). */
export const REMEMBER_MS = 60_000;

interface Remembered<Result> {
  readonly at: number;
  readonly result: Result;
}

export class RememberedCommands<Result> {
  // A Map iterates in insertion order, which is log order, so the oldest ids stand in front.
  readonly #byId = new Map<string, Remembered<Result>>();

  get size(): number {
    return this.#byId.size;
  }

  get(id: string): Remembered<Result> | undefined {
    return this.#byId.get(id);
  }

  add(id: string, at: number, result: Result): void {
    this.#byId.set(id, { at, result });
  }

  /** Forgets what is older than the window; called once an entry, before its commands. */
  prune(now: number): void {
    for (const [id, { at }] of this.#byId) {
      if (at >= now - REMEMBER_MS) return;
      this.#byId.delete(id);
    }
  }

  clear(): void {
    this.#byId.clear();
  }

  /** As JSON records for a snapshot, oldest first. */
  snapshot(): [id: string, at: number, result: Result][] {
    return Array.from(this.#byId, ([id, { at, result }]) => [id, at, result]);
  }
}
