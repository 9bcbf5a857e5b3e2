/**
 * The history of a run: every operation with when it was asked and when its outcome was known, every fault with its
 * beginning and its end, and what the zones said of themselves. Checkers judge it, reports draw it, and it is kept as
 * JSON lines, so that a verdict can be argued about later.
 */
import { type Clock, errorStory } from '@stormglass/base';

/** `fail`: refused, certainly without effect. `unknown`: no clear answer after all retries; it may have happened. */
export type Outcome = 'ok' | 'fail' | 'unknown';

export interface Operation {
  readonly type: 'operation';
  readonly process: string;
  /**
   * What was done: `write`, `read`, `swap`, `create`, `find`, `find-list`, `assume`, `identify`, `put`, `get`, `list`, `delete`, `transact`,
   * `transfer`, `total`.
   */
  readonly action: string;
  /** What it was done to. */
  readonly key: string;
  /** What was written, read, or given to what was created. */
  readonly value?: string;
  /** Asked, and known; ms since the run began. */
  readonly from: number;
  readonly until: number;
  readonly outcome: Outcome;
  readonly error?: string;
  /** Of a swap: the value that it takes the place of. */
  readonly expected?: string;
  /** The answer was a no that belongs to the contract: a condition did not hold, or somebody else was at it. */
  readonly refusal?: 'condition' | 'conflict';
  /** The zone that answered. */
  readonly zone?: string;
  /** Answered from the zone's own copy, and said so: promises nothing about order. */
  readonly isLocal?: boolean;
}

export interface FaultEvent {
  readonly type: 'fault';
  readonly phase: 'begin' | 'end';
  /** The same for its beginning and its end. */
  readonly id: number;
  readonly fault: string;
  /** In words, with the zones that chance has chosen. */
  readonly what: string;
  readonly at: number;
}

export interface ZoneSample {
  readonly type: 'zone';
  readonly zone: string;
  readonly state: 'well' | 'degraded' | 'no-quorum' | 'out';
  readonly at: number;
}

/** What a zone holds in the end: names of users with their ids. */
export interface FinalUsers {
  readonly type: 'final';
  readonly zone: string;
  readonly users: Readonly<Record<string, string>>;
}

/** What a zone holds in the end: keys of objects with hashes of their bytes. */
export interface FinalObjects {
  readonly type: 'final-objects';
  readonly zone: string;
  readonly objects: Readonly<Record<string, string>>;
}

/** After the last fault, every zone serves again. */
export interface Recovered {
  readonly type: 'recovered';
  readonly at: number;
}

export type Entry = Operation | FaultEvent | ZoneSample | FinalUsers | FinalObjects | Recovered;

/** What an operation found out, beside that it succeeded. */
export type Found = Pick<Operation, 'value' | 'zone' | 'isLocal' | 'refusal'>;

/** An error of an operation that is certain to have had no effect; `found` is what its answer said of itself. */
export class Refused extends Error {
  override readonly name = 'Refused';
  readonly found: Found;
  constructor(message: string, found: Found = {}) {
    super(message);
    this.found = found;
  }
}

export class History {
  readonly entries: Entry[] = [];
  /** Users whose creation was acknowledged, the newest last. */
  readonly created: string[] = [];
  readonly #clock: Clock;
  readonly #beganAt: number;
  readonly #keep: ((line: string) => void) | undefined;

  /** `keep` gets each entry as a line of JSON. */
  constructor(clock: Clock, keep?: (line: string) => void) {
    this.#clock = clock;
    this.#beganAt = clock.monotonic();
    this.#keep = keep;
  }

  /** Ms since the run began. */
  now(): number {
    return this.#clock.monotonic() - this.#beganAt;
  }

  get operations(): readonly Operation[] {
    return this.entries.filter(entry => entry.type === 'operation');
  }

  add(entry: Entry): void {
    this.entries.push(entry);
    if (entry.type === 'operation' && entry.action === 'create' && entry.outcome === 'ok') this.created.push(entry.key);
    this.#keep?.(`${JSON.stringify(entry)}\n`);
  }

  /** Does something and remembers how it went; never rejects. */
  async operate(
    what: Pick<Operation, 'process' | 'action' | 'key' | 'value' | 'expected'>,
    run: () => Promise<Found>,
  ): Promise<void> {
    const from = this.now();
    let outcome: Pick<Operation, 'outcome' | 'error'> & Found;
    try {
      outcome = { outcome: 'ok', ...(await run()) };
    } catch (error) {
      const isRefused = error instanceof Refused;
      const answered = isRefused ? error.found : {};
      outcome = { outcome: isRefused ? 'fail' : 'unknown', error: errorStory(error), ...answered };
    }
    this.add({ type: 'operation', ...what, from, until: this.now(), ...outcome });
  }
}

/** A fault with its beginning and its end, in ms; one that never ended ends with the run. */
export interface FaultSpan {
  readonly fault: string;
  readonly what: string;
  readonly from: number;
  readonly until: number;
}

export function faultSpans(entries: readonly Entry[]): FaultSpan[] {
  const events = entries.filter(entry => entry.type === 'fault');
  const endOfRun = Math.max(0, ...entries.map(endOf));
  return events
    .filter(({ phase }) => phase === 'begin')
    .map(({ id, fault, what, at }) => {
      const end = events.find(event => event.phase === 'end' && event.id === id);
      return { fault, what, from: at, until: end?.at ?? endOfRun };
    });
}

const endOf = (entry: Entry): number => (entry.type === 'operation' ? entry.until : 'at' in entry ? entry.at : 0);
