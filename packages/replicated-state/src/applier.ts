/**
 * Applies log entries to a state machine, each command once, and takes and installs snapshots of the whole: machine,
 * remembered ids, log time, rolling hash. Pure: no clock, no I/O, so every replica computes the same.
 *
 * I1: entries are applied in order without gaps. I2: a command id is applied at most once within the window of
 * `RememberedCommands`. I3: log time never decreases. I4: a batch is void once log time has passed its `expiresAt`.
 */
import { crc32 } from 'node:zlib';
import { invariant } from '@stormglass/base';
import { decodeEnvelope } from './envelope.ts';
import type { LogEntry, Seq } from './log.ts';
import { RememberedCommands } from './remembered-commands.ts';
import type { Snapshot } from './snapshot.ts';
import type { StateMachine } from './state-machine.ts';

/** What became of one entry, for the replica that proposed it. */
export interface Applied<Result> {
  readonly origin: string;
  readonly batch: number;
  /** `expired`: the batch came too late and none of its commands was applied. */
  readonly outcome: 'applied' | 'expired';
  readonly results: readonly Result[];
}

export class Applier<Command, Result, View> {
  readonly machine: StateMachine<Command, Result, View>;
  readonly #remembered = new RememberedCommands<Result>();
  #applied: Seq = 0;
  #now = 0;
  #hash = 0;

  constructor(machine: StateMachine<Command, Result, View>) {
    this.machine = machine;
  }

  /** Position of the last entry applied; 0 before the first. */
  get applied(): Seq {
    return this.#applied;
  }

  /** Log time at the last entry applied, in ms since the epoch. */
  get now(): number {
    return this.#now;
  }

  /** Rolling checksum over all payloads so far: equal at equal positions on every replica, or the state has diverged. */
  get hash(): number {
    return this.#hash;
  }

  /** Applies the next entry; undefined for one that is no replica's batch. */
  apply(entry: LogEntry): Applied<Result> | undefined {
    invariant(entry.seq === this.#applied + 1, `I1: entry ${entry.seq} follows ${this.#applied}`);
    this.#applied = entry.seq;
    this.#now = Math.max(this.#now, entry.time);
    this.#hash = crc32(entry.payload, this.#hash);
    const envelope = decodeEnvelope<Command>(entry.payload);
    if (envelope === undefined) return undefined;
    const { origin, batch, expiresAt, commands } = envelope;
    if (expiresAt !== 0 && this.#now > expiresAt) return { origin, batch, outcome: 'expired', results: [] };
    this.#remembered.prune(this.#now);
    const context = { seq: entry.seq, now: this.#now };
    const results = commands.map(({ id, command }) => {
      const earlier = this.#remembered.get(id);
      if (earlier !== undefined) return earlier.result;
      const result = this.machine.apply(context, command);
      this.#remembered.add(id, this.#now, result);
      return result;
    });
    return { origin, batch, outcome: 'applied', results };
  }

  /** The state as of now; its records are drawn lazily and are not disturbed by later applies. */
  snapshot(logId: string): Snapshot {
    const { name: machine, format } = this.machine;
    const header = { machine, format, logId, seq: this.#applied, now: this.#now, hash: this.#hash };
    const remembered = this.#remembered.snapshot();
    const records = this.machine.snapshot();
    return {
      header,
      records: {
        *[Symbol.iterator]() {
          yield remembered;
          yield* records;
        },
      },
    };
  }

  /** Replaces the state by a snapshot of the same machine and format. */
  install({ header, records }: Snapshot): void {
    invariant(
      header.machine === this.machine.name && header.format === this.machine.format,
      'snapshot of another kind',
    );
    const iterator = records[Symbol.iterator]();
    const remembered = iterator.next().value as [string, number, Result][];
    this.#remembered.clear();
    for (const [id, at, result] of remembered) this.#remembered.add(id, at, result);
    this.machine.install({ [Symbol.iterator]: () => iterator });
    this.#applied = header.seq;
    this.#now = header.now;
    this.#hash = header.hash;
  }

  /** Back to the empty state: the log was created anew. */
  clear(): void {
    this.#remembered.clear();
    this.machine.install([]);
    this.#applied = 0;
    this.#now = 0;
    this.#hash = 0;
  }
}
