/**
 * The ids of the commands applied lately, with their results: what makes a retry harmless. It is part of the replicated
 * state: it is pruned by log time and by what was added alone, so every replica remembers and forgets the same at the same
 * entry, also after it was read from a disk.
 *
 * Ids stay for the whole window, so that nothing is applied twice. Results may be large: past a number of bytes the oldest
 * are forgotten, and whoever retries such a command learns that it was applied, and no more.
 */
import type { Seq } from './log.ts';

/** How long an id is remembered, in ms of log time. Longer than any deadline plus its retries (`replica.ts`). */
export const REMEMBER_MS = 60_000;
/** What the results that are remembered take, in bytes. */
export const RESULT_BYTES_MAX = 32 * 1024 * 1024;

/** Stands for a result that is not known any more. */
export const FORGOTTEN = Symbol('forgotten');
export type Forgotten = typeof FORGOTTEN;

interface Remembered<Result> {
  readonly seq: Seq;
  readonly at: number;
  readonly bytes: number;
  result: Result | Forgotten;
}

export class RememberedCommands<Result> {
  readonly #bytesMax: number;
  // A Map iterates in insertion order, which is log order, so the oldest ids stand in front.
  readonly #byId = new Map<string, Remembered<Result>>();
  /** Goes on behind the last result that was forgotten. */
  #results = this.#byId.entries();
  #bytes = 0;
  #forgotten: { readonly seq: Seq; readonly id: string }[] = [];

  constructor(bytesMax = RESULT_BYTES_MAX) {
    this.#bytesMax = bytesMax;
  }

  get size(): number {
    return this.#byId.size;
  }

  get(id: string): { readonly result: Result | Forgotten } | undefined {
    return this.#byId.get(id);
  }

  add(id: string, seq: Seq, at: number, result: Result | Forgotten): void {
    // A file may still have what had been forgotten when the same id came again.
    this.#delete(id);
    const bytes = result === FORGOTTEN ? 0 : bytesOf(result);
    this.#byId.set(id, { seq, at, bytes, result });
    this.#bytes += bytes;
    while (this.#bytes > this.#bytesMax) this.#forgetOldest();
  }

  /** Forgets what is older than the window; called once an entry, before its commands. */
  prune(now: number): void {
    for (const [id, { at }] of this.#byId) {
      if (at >= now - REMEMBER_MS) return;
      this.#delete(id);
    }
  }

  /** The commands whose results were forgotten since this was last asked. */
  takeForgotten(): readonly { readonly seq: Seq; readonly id: string }[] {
    const forgotten = this.#forgotten;
    if (forgotten.length > 0) this.#forgotten = [];
    return forgotten;
  }

  clear(): void {
    this.#byId.clear();
    this.#results = this.#byId.entries();
    this.#bytes = 0;
    this.#forgotten = [];
  }

  /** As JSON records for a snapshot, oldest first; those without a result have forgotten it. */
  snapshot(): [id: string, at: number, result?: Result][] {
    return Array.from(this.#byId, ([id, { at, result }]) => (result === FORGOTTEN ? [id, at] : [id, at, result]));
  }

  #delete(id: string): void {
    const found = this.#byId.get(id);
    if (found === undefined) return;
    this.#byId.delete(id);
    if (found.result !== FORGOTTEN) this.#bytes -= found.bytes;
  }

  #forgetOldest(): void {
    // There is one, or nothing would be counted.
    const [id, oldest] = this.#results.next().value!;
    if (oldest.result === FORGOTTEN) return;
    oldest.result = FORGOTTEN;
    this.#bytes -= oldest.bytes;
    this.#forgotten.push({ seq: oldest.seq, id });
  }
}

const VALUE_BYTES = 8;

/** About what a JSON value takes; the same for a value that was written as text and read again. */
function bytesOf(value: unknown): number {
  if (typeof value === 'string') return VALUE_BYTES + value.length;
  if (typeof value !== 'object' || value === null) return VALUE_BYTES;
  let bytes = VALUE_BYTES;
  if (Array.isArray(value)) for (const each of value) bytes += bytesOf(each);
  else for (const name in value) bytes += memberBytes(name, (value as Record<string, unknown>)[name]);
  return bytes;
}

/** JSON has no undefined members. */
const memberBytes = (name: string, value: unknown): number => (value === undefined ? 0 : name.length + bytesOf(value));
