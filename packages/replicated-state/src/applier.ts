/**
 * Applies log entries to a state machine, each command once, and takes and installs snapshots of the whole: machine,
 * remembered ids, log time, rolling hash. Pure: no clock, no I/O but that of the machine's stored state, so every replica
 * computes the same.
 *
 * I1: entries are applied in order without gaps. I2: a command id is applied at most once within the window of
 * `RememberedCommands`. I3: log time never decreases. I4: a batch is void once log time has passed its `expiresAt`. I5:
 * where the state is stored, nobody is told of what has not been committed there.
 */
import { crc32 } from 'node:zlib';
import { invariant } from '@stormglass/base';
import { decodeEnvelope } from './envelope.ts';
import type { LogEntry, Seq } from './log.ts';
import { FORGOTTEN, type Forgotten, REMEMBER_MS, RememberedCommands } from './remembered-commands.ts';
import type { Snapshot, SnapshotHeader, StoredSnapshot } from './snapshot.ts';
import type { StateMachine } from './state-machine.ts';
import type { StoredCommand, StoredCommands, StoredCopy, StoredState } from './stored-state.ts';

/** What became of one entry, for the replica that proposed it. */
export interface Applied<Result> {
  readonly origin: string;
  readonly batch: number;
  /** `expired`: the batch came too late and none of its commands was applied. */
  readonly outcome: 'applied' | 'expired';
  /** `FORGOTTEN`: a retry of a command whose result was too large to be kept for so long. */
  readonly results: readonly (Result | Forgotten)[];
  readonly seq: Seq;
  /** Log time at the entry in ms. */
  readonly now: number;
}

export class Applier<Command, Result, View> {
  readonly machine: StateMachine<Command, Result, View>;
  readonly #stored: StoredState | undefined;
  readonly #remembered = new RememberedCommands<Result>();
  #executed: StoredCommands[] = [];
  #logId = '';
  #applied: Seq = 0;
  #now = 0;
  #hash = 0;

  constructor(machine: StateMachine<Command, Result, View>) {
    this.machine = machine;
    this.#stored = machine.stored;
  }

  /** Position of the last entry applied; 0 before the first. */
  get applied(): Seq {
    return this.#applied;
  }

  /** Incarnation of the log that positions belong to; empty until something has told. */
  get logId(): string {
    return this.#logId;
  }

  /** Rolling checksum over all payloads so far: equal at equal positions on every replica, or the state has diverged. */
  get hash(): number {
    return this.#hash;
  }

  get header(): SnapshotHeader {
    const { name: machine, format } = this.machine;
    return { machine, format, logId: this.#logId, seq: this.#applied, now: this.#now, hash: this.#hash };
  }

  /** Takes up what a durable state holds. */
  load(): void {
    const position = this.#stored?.position;
    this.#remembered.clear();
    for (const { seq, at, commands } of position === undefined ? [] : this.#stored!.remembered()) {
      for (const command of commands) this.#remembered.add(command[0], seq, at, resultOf(command) as Result);
    }
    // The store has whatever of these is forgotten for a moment longer.
    this.#remembered.takeForgotten();
    this.#logId = position?.logId ?? this.#logId;
    this.#applied = position?.seq ?? 0;
    this.#now = position?.now ?? 0;
    this.#hash = position?.hash ?? 0;
  }

  /** The log says which it is; positions of another one mean nothing, so the state starts over. True when it did. */
  async adopt(logId: string): Promise<boolean> {
    const isDropped = this.#logId !== logId && this.#applied > 0;
    if (isDropped) await this.clear();
    this.#logId = logId;
    return isDropped;
  }

  /**
   * Applies the next entries, as a whole where the state is stored, and tells of each that is a replica's batch.
   * @throws what the machine or its store throws: a stored state is then what it was before, and `load` has been called
   */
  applyAll(entries: readonly LogEntry[], told: (applied: Applied<Result>) => void, around: Around<Result>): void {
    const stored = this.#stored;
    if (stored === undefined) {
      for (const entry of entries)
        ifAny(
          told,
          around(entry, () => this.#apply(entry)),
        );
      return;
    }
    const outcomes: (Applied<Result> | undefined)[] = [];
    this.#executed = [];
    try {
      stored.begin();
      for (const entry of entries) outcomes.push(around(entry, () => this.#apply(entry)));
      const { logId, seq, now, hash } = this.header;
      const forgotten = this.#remembered.takeForgotten();
      stored.commit({ logId, seq, now, hash }, this.#executed, this.#now - REMEMBER_MS, forgotten);
    } catch (error) {
      stored.rollback(error);
      if (stored.damage === undefined) this.load();
      throw error;
    }
    for (const outcome of outcomes) ifAny(told, outcome);
  }

  #apply(entry: LogEntry): Applied<Result> | undefined {
    invariant(entry.seq === this.#applied + 1, `I1: entry ${entry.seq} follows ${this.#applied}`);
    this.#applied = entry.seq;
    this.#now = Math.max(this.#now, entry.time);
    this.#hash = crc32(entry.payload, this.#hash);
    const envelope = decodeEnvelope<Command>(entry.payload);
    if (envelope === undefined) return undefined;
    const { origin, batch, expiresAt, commands } = envelope;
    const { seq } = entry;
    const now = this.#now;
    if (expiresAt !== 0 && now > expiresAt) return { origin, batch, outcome: 'expired', results: [], seq, now };
    this.#remembered.prune(now);
    const executed: [string, Result][] = [];
    const results = commands.map(({ id, command }) => {
      const earlier = this.#remembered.get(id);
      if (earlier !== undefined) return earlier.result;
      const result = this.machine.apply({ seq, now }, command);
      this.#remembered.add(id, seq, now, result);
      executed.push([id, result]);
      return result;
    });
    if (this.#stored === undefined) this.#remembered.takeForgotten();
    else if (executed.length > 0) this.#executed.push({ seq, at: now, commands: executed });
    return { origin, batch, outcome: 'applied', results, seq, now };
  }

  /** The state as of now; its records are drawn lazily and are not disturbed by later applies. */
  snapshot(): Snapshot {
    const { header } = this;
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

  /** The state as of now, as its store copies it. */
  async copy(): Promise<{ readonly header: SnapshotHeader; readonly copy: StoredCopy }> {
    const copy = await this.#stored!.copy();
    return { header: { ...this.header, ...copy.position }, copy };
  }

  fits({ header }: { readonly header: SnapshotHeader }): boolean {
    return header.machine === this.machine.name && header.format === this.machine.format;
  }

  /** Replaces the state by a snapshot of the same machine and format. */
  async install(snapshot: Snapshot | StoredSnapshot): Promise<void> {
    invariant(this.fits(snapshot), 'snapshot of another kind');
    if ('records' in snapshot) return this.#installRecords(snapshot);
    invariant(this.#stored?.isDurable, 'a snapshot for a disk, of a state that has none');
    // The present state serves until all of the other one is here.
    const { logId, seq, now, hash } = snapshot.header;
    await this.#stored.replace(snapshot.bytes, { logId, seq, now, hash });
    this.load();
  }

  #installRecords({ header, records }: Snapshot): void {
    const { logId, seq, now, hash } = header;
    const iterator = records[Symbol.iterator]();
    const remembered = iterator.next().value as [string, number, Result?][];
    const stored = this.#stored;
    try {
      stored?.begin();
      this.machine.install({ [Symbol.iterator]: () => iterator });
      // They count as those of entries before the snapshot's place, one each.
      const first = seq - remembered.length + 1;
      const executed = remembered.map(([id, at, ...result], i) => ({
        seq: first + i,
        at,
        commands: [result.length === 0 ? ([id] as const) : ([id, result[0]] as const)],
      }));
      stored?.commit({ logId, seq, now, hash }, executed, 0);
    } catch (error) {
      stored?.rollback(error);
      throw error;
    }
    this.#remembered.clear();
    remembered.forEach(([id, at, ...result], i) => {
      this.#remembered.add(id, seq - remembered.length + 1 + i, at, result.length === 0 ? FORGOTTEN : result[0]!);
    });
    this.#logId = logId;
    this.#applied = seq;
    this.#now = now;
    this.#hash = hash;
  }

  /** Back to the empty state: the log was created anew, or what is stored is damaged. */
  async clear(): Promise<void> {
    if (this.#stored === undefined) this.machine.install([]);
    else await this.#stored.clear();
    this.load();
  }
}

const resultOf = (command: StoredCommand): unknown => (command.length === 1 ? FORGOTTEN : command[1]);

/** What surrounds the application of an entry, and returns what it returns. */
type Around<Result> = (entry: LogEntry, apply: () => Applied<Result> | undefined) => Applied<Result> | undefined;

const ifAny = <Result>(told: (applied: Applied<Result>) => void, applied: Applied<Result> | undefined): void => {
  if (applied !== undefined) told(applied);
};
