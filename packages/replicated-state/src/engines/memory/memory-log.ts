/**
 * The log in memory, shared by every handle opened on it: for tests, simulation and services started alone. It behaves
 * as badly as the real engines do when told to: acknowledgements get lost, proposals are stored twice, handles are cut off.
 */
import type { Clock } from '@stormglass/base';
import {
  type LogBounds,
  type LogEntry,
  type LogHealth,
  LogUnavailable,
  type ReplicatedLog,
  type Seq,
  Truncated,
} from '../../log.ts';

/** What goes wrong for one proposal: nothing, its acknowledgement gets lost, it is stored twice, it is refused. */
export type ProposalMishap = 'none' | 'ack-lost' | 'stored-twice' | 'refused';

export class MemoryLog {
  readonly #clock: Clock;
  readonly #logId: string;
  readonly #subscribers = new Set<() => void>();
  #entries: LogEntry[] = [];
  #first: Seq = 1;
  /** Decides the fate of each proposal; tests replace it. */
  mishap: () => ProposalMishap = () => 'none';
  /** While true nothing is stored and nobody hears why: a leader frozen or cut off. */
  stalled = false;

  constructor(clock: Clock, logId = 'memory') {
    this.#clock = clock;
    this.#logId = logId;
  }

  get last(): Seq {
    return this.#first + this.#entries.length - 1;
  }

  /** A zone's handle on the log. `cutOff` makes it lose contact while it returns true. */
  open(cutOff: () => boolean = () => false): ReplicatedLog {
    return new MemoryLogHandle(this, this.#clock, cutOff);
  }

  store(payload: Uint8Array): Seq {
    const seq = this.last + 1;
    this.#entries.push({ seq, time: this.#clock.now(), payload });
    for (const wake of this.#subscribers) wake();
    return seq;
  }

  bounds(): LogBounds {
    return { logId: this.#logId, first: this.#first, last: this.last };
  }

  /** @throws Truncated */
  read(from: Seq): readonly LogEntry[] {
    if (from < this.#first) throw new Truncated(this.#first);
    return this.#entries.slice(from - this.#first);
  }

  trim(through: Seq): void {
    const drop = Math.min(Math.max(0, through - this.#first + 1), this.#entries.length);
    this.#entries = this.#entries.slice(drop);
    this.#first += drop;
  }

  onStored(wake: () => void): () => void {
    this.#subscribers.add(wake);
    return () => this.#subscribers.delete(wake);
  }
}

/** How often a handle that lost contact looks whether it is back. */
const RECONNECT_MS = 10;

class MemoryLogHandle implements ReplicatedLog {
  readonly #log: MemoryLog;
  readonly #clock: Clock;
  readonly #cutOff: () => boolean;

  constructor(log: MemoryLog, clock: Clock, cutOff: () => boolean) {
    this.#log = log;
    this.#clock = clock;
    this.#cutOff = cutOff;
  }

  propose(payload: Uint8Array, signal: AbortSignal): Promise<Seq> {
    if (this.#cutOff() || this.#log.stalled) return untilAborted(signal);
    const mishap = this.#log.mishap();
    if (mishap === 'refused') return Promise.reject(new LogUnavailable('not-applied', 'refused'));
    const seq = this.#log.store(payload);
    if (mishap === 'stored-twice') this.#log.store(payload);
    if (mishap === 'ack-lost') return untilAborted(signal);
    return Promise.resolve(seq);
  }

  async subscribe(from: Seq, sink: (batch: readonly LogEntry[]) => void, signal: AbortSignal): Promise<void> {
    // An event that has been is not told again.
    if (signal.aborted) return;
    let next = from;
    const { promise, resolve, reject } = Promise.withResolvers<void>();
    const deliver = () => {
      if (signal.aborted) return;
      if (this.#cutOff()) {
        this.#clock.after(RECONNECT_MS, deliver);
        return;
      }
      try {
        const batch = this.#log.read(next);
        if (batch.length === 0) return;
        next = batch.at(-1)!.seq + 1;
        sink(batch);
      } catch (error) {
        reject(error);
      }
    };
    const stop = this.#log.onStored(() => this.#clock.soon(deliver));
    signal.addEventListener('abort', () => resolve(), { once: true });
    deliver();
    await promise.finally(stop);
  }

  async bounds(): Promise<LogBounds> {
    return this.#log.bounds();
  }

  readIndex(signal: AbortSignal): Promise<Seq> {
    return this.#cutOff() || this.#log.stalled ? untilAborted(signal) : Promise.resolve(this.#log.last);
  }

  async trim(through: Seq): Promise<void> {
    this.#log.trim(through);
  }

  health(): LogHealth {
    return { state: this.#cutOff() ? 'no-quorum' : 'ok', copies: 1 };
  }

  async close(): Promise<void> {}
}

const untilAborted = (signal: AbortSignal): Promise<never> =>
  new Promise((_, reject) => {
    const give = () =>
      reject(signal.reason instanceof LogUnavailable ? signal.reason : new LogUnavailable('unknown', 'aborted'));
    if (signal.aborted) give();
    else signal.addEventListener('abort', give, { once: true });
  });
