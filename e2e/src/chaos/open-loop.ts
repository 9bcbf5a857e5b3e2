/**
 * A steady load: begins its calls evenly, whatever becomes of them, as clients do, and remembers each: what was asked, when
 * it was asked and answered, and whether it failed after all retries.
 */

export interface CallRecord {
  readonly operation: string;
  /** Monotonic ms. */
  readonly at: number;
  readonly durationMs: number;
  readonly error: string | undefined;
}

export type Chosen = readonly [operation: string, run: () => Promise<unknown>];

export class OpenLoop {
  readonly records: CallRecord[] = [];
  readonly #choose: (number: number) => Chosen;
  readonly #pending = new Set<Promise<void>>();
  #timer: NodeJS.Timeout | undefined;
  #count = 0;

  /** @param choose the call of a number, from 0 on */
  constructor(choose: (number: number) => Chosen) {
    this.#choose = choose;
  }

  start(perSecond: number): void {
    const startedAt = performance.now();
    this.#timer = setInterval(() => {
      const due = Math.floor(((performance.now() - startedAt) / 1000) * perSecond);
      while (this.#count < due) this.#launch(this.#count++);
    }, 5);
  }

  /** Begins no more, and waits for every call under way. */
  async stop(): Promise<void> {
    clearInterval(this.#timer);
    await Promise.all(this.#pending);
  }

  #launch(number: number): void {
    const call = this.#call(number).finally(() => this.#pending.delete(call));
    this.#pending.add(call);
  }

  async #call(number: number): Promise<void> {
    const at = performance.now();
    const [operation, run] = this.#choose(number);
    let error: string | undefined;
    try {
      await run();
    } catch (thrown) {
      error = storyOf(thrown as Error);
    }
    this.records.push({ operation, at, durationMs: performance.now() - at, error });
  }
}

/** With the zone that answered, and whether from its own copy, where there was an answer. */
function storyOf(error: Error & { $response?: { headers?: Record<string, string> } }): string {
  const { 'x-stormglass-zone': zone, 'x-stormglass-read': read } = error.$response?.headers ?? {};
  return [`${error.name}: ${error.message}`, zone, read].filter(text => text !== undefined).join(', ');
}

/** The given percentile of durations, in ms; 0 of none. */
export function percentile(records: readonly CallRecord[], p: number): number {
  const sorted = records.map(r => r.durationMs).sort((a, b) => a - b);
  return sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * p))] ?? 0;
}
