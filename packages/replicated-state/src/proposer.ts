/**
 * Gets commands into the log: gathers what arrives in one turn into a batch, keeps a few batches in flight, proposes each
 * again until it is seen in the log or everybody in it has given up.
 *
 * The result of a command is what this replica's own apply of this batch returned; an engine's acknowledgement is only
 * a hint. Because every batch carries an expiry in log time, "unknown" ends: it did not happen, or it did by then.
 */
import { type Clock, hexId, type Random } from '@stormglass/base';
import type { Applied } from './applier.ts';
import { encodeEnvelope, encodeRecord } from './envelope.ts';
import { LogUnavailable, type ReplicatedLog } from './log.ts';
import type { QuorumWatch } from './quorum-watch.ts';
import { FORGOTTEN } from './remembered-commands.ts';
import type { CommitSpan, LogTracing } from './telemetry-hooks.ts';

export interface ProposerLimits {
  /** Most commands in one batch. */
  readonly batchMax: number;
  /** Most bytes of commands in one batch, unless a single one is larger. */
  readonly batchBytes: number;
  /** A larger command is refused: no engine takes it (NATS takes messages of 1 MiB, etcd requests of 1.5 MiB). */
  readonly commandBytesMax: number;
  /** Batches in flight at once. */
  readonly window: number;
  /**
   * While a batch is in flight, the next one waits for it unless it has so many commands, or a quarter of `batchBytes`:
   * a batch costs every zone a write to the log and a transaction, however little there is in it.
   */
  readonly worthSending: number;
  /** Most commands waiting; more are refused at once. */
  readonly queueMax: number;
  /** One attempt to append is given up after this long, in ms. */
  readonly attemptMs: number;
}

export const PROPOSER_LIMITS: ProposerLimits = {
  batchMax: 256,
  batchBytes: 256 * 1024,
  commandBytesMax: 960 * 1024,
  window: 2,
  worthSending: 16,
  queueMax: 10_000,
  attemptMs: 1000,
};

/** A command is too large for the log, whatever its state. */
export class CommandTooLarge extends Error {
  override readonly name = 'CommandTooLarge';
  constructor(bytes: number) {
    super(`a command of ${bytes} bytes is too large for the log`);
  }
}

const SWEEP_MS = 50;
const RETRY_FIRST_MS = 5;
const RETRY_MAX_MS = 100;
/** A batch that is in flight for longer holds up no other. */
const HOLD_MS_MAX = 100;
/** An acknowledged batch that does not show up in the log within this long is proposed again. */
const CONFIRM_MS = 2000;

/** A command on its way, or (without `record`) a reader that needs to know that a batch of its own got through. */
interface Waiting<Result> {
  /** As it stands in the envelope. */
  readonly record: string | undefined;
  readonly bytes: number;
  readonly deadline: number;
  readonly commit: CommitSpan | undefined;
  readonly resolve: (result: Result) => void;
  readonly reject: (error: Error) => void;
  settled: boolean;
}

interface Batch<Result> {
  readonly waiting: readonly Waiting<Result>[];
  readonly proposedAt: number;
  attempts: number;
  /** False while every attempt was refused for certain. */
  maybeStored: boolean;
  readonly done: Promise<void>;
  readonly finish: () => void;
}

export interface Submission<Command> {
  readonly id: string;
  readonly command: Command | undefined;
  /** Monotonic time in ms after which the caller is told that the log is unavailable. */
  readonly deadline: number;
  readonly trace?: string | undefined;
}

export class Proposer<Command, Result> {
  readonly origin: string;
  readonly #log: ReplicatedLog;
  readonly #clock: Clock;
  readonly #quorum: QuorumWatch;
  readonly #limits: ProposerLimits;
  readonly #tracing: LogTracing | undefined;
  readonly #batches = new Map<number, Batch<Result>>();
  #queue: Waiting<Result>[] = [];
  #lastBatch = 0;
  #pumpScheduled = false;
  #sweeping = false;
  #closed = false;
  /** Log time minus this host's monotonic time, learnt from the first batch seen; a skewed clock does no harm. */
  #logTimeOffset: number | undefined;

  constructor(
    log: ReplicatedLog,
    clock: Clock,
    random: Random,
    quorum: QuorumWatch,
    limits: ProposerLimits,
    tracing?: LogTracing,
  ) {
    this.#log = log;
    this.#clock = clock;
    this.#quorum = quorum;
    this.#limits = limits;
    this.#tracing = tracing;
    this.origin = hexId(random, 8);
  }

  /**
   * Resolves with what `apply` returned here.
   * @throws LogUnavailable, CommandTooLarge
   */
  submit(submission: Submission<Command>): Promise<Result> {
    return new Promise((resolve, reject) => {
      const refusal = this.#refusal();
      if (refusal !== undefined) return reject(refusal);
      const { id, command, deadline, trace } = submission;
      const record = command === undefined ? undefined : encodeRecord({ id, command });
      const bytes = record === undefined ? 0 : Buffer.byteLength(record);
      if (bytes > this.#limits.commandBytesMax) return reject(new CommandTooLarge(bytes));
      const commit = trace === undefined ? undefined : this.#tracing?.commit(trace);
      this.#queue.push({ record, bytes, deadline, commit, resolve, reject, settled: false });
      this.#schedulePump();
      this.#startSweep();
    });
  }

  /** To be called with what became of every entry. Batches expire by log time, whatever the leader's clock does. */
  onApplied(applied: Applied<Result>): void {
    if (applied.origin !== this.origin) return;
    const batch = this.#batches.get(applied.batch);
    if (batch === undefined) return;
    this.#logTimeOffset = applied.now - batch.proposedAt;
    let next = 0;
    for (const w of batch.waiting) {
      if (w.record === undefined) settle(w, () => w.resolve(undefined as Result));
      else if (applied.outcome === 'expired') fail(w, 'not-applied', 'the command expired before it was stored');
      else {
        const result = applied.results[next++]!;
        if (result === FORGOTTEN) fail(w, 'unknown', 'the command was applied before, and its answer is not kept');
        else
          settle(w, () => {
            w.commit?.committed(applied.seq, batch.attempts);
            w.resolve(result);
          });
      }
    }
    this.#drop(applied.batch, batch);
  }

  close(): void {
    this.#closed = true;
    for (const w of this.#queue) fail(w, 'not-applied', 'the replica is closing');
    this.#queue = [];
    for (const [no, batch] of this.#batches) {
      for (const w of batch.waiting) fail(w, 'unknown', 'the replica is closing');
      this.#drop(no, batch);
    }
  }

  #refusal(): LogUnavailable | undefined {
    if (this.#closed) return new LogUnavailable('not-applied', 'the replica is closing');
    if (this.#queue.length >= this.#limits.queueMax) return new LogUnavailable('not-applied', 'too many commands wait');
    if (this.#quorum.lost()) return new LogUnavailable('not-applied', 'fewer than two zones answer');
    return undefined;
  }

  #schedulePump(): void {
    if (this.#pumpScheduled) return;
    this.#pumpScheduled = true;
    this.#clock.soon(() => {
      this.#pumpScheduled = false;
      this.#pump();
    });
  }

  #pump(): void {
    // Until one batch of ours came back nothing is known of log time, so the first batch is an empty one.
    if (this.#logTimeOffset === undefined) {
      if (this.#batches.size === 0 && !this.#closed) this.#launch([]);
      return;
    }
    while (this.#batches.size < this.#limits.window && this.#queue.length > 0) {
      if (this.#batches.size > 0 && !this.#isWorthSending()) return;
      const waiting = this.#queue.splice(0, this.#nextBatch()).filter(w => !w.settled);
      if (waiting.length > 0) this.#launch(waiting);
    }
  }

  #isWorthSending(): boolean {
    const { worthSending, batchBytes } = this.#limits;
    if (this.#queue.length >= worthSending) return true;
    for (const { proposedAt } of this.#batches.values()) {
      // Whatever keeps that batch must not keep all others.
      if (this.#clock.monotonic() - proposedAt >= HOLD_MS_MAX) return true;
    }
    return this.#queue.reduce((sum, { bytes }) => sum + bytes, 0) >= batchBytes / 4;
  }

  /** How many of those that wait go into one batch: at least one. */
  #nextBatch(): number {
    const { batchMax, batchBytes } = this.#limits;
    let count = 0;
    for (let bytes = 0; count < Math.min(batchMax, this.#queue.length); count++) {
      bytes += this.#queue[count]!.bytes;
      if (bytes > batchBytes && count > 0) break;
    }
    return count;
  }

  #launch(waiting: readonly Waiting<Result>[]): void {
    const no = ++this.#lastBatch;
    const now = this.#clock.monotonic();
    const { promise: done, resolve: finish } = Promise.withResolvers<void>();
    const batch: Batch<Result> = { waiting, proposedAt: now, attempts: 0, maybeStored: false, done, finish };
    this.#batches.set(no, batch);
    const records = waiting.flatMap(({ record }) => record ?? []);
    const latest = waiting.reduce((max, w) => Math.max(max, w.deadline), now);
    const expiresAt = records.length === 0 ? 0 : Math.ceil(latest + (this.#logTimeOffset ?? 0));
    const traces = waiting.flatMap(w => w.commit?.traceparent ?? []);
    const envelope = { origin: this.origin, batch: no, expiresAt };
    const payload = encodeEnvelope(traces.length === 0 ? envelope : { ...envelope, traces }, records);
    void this.#drive(no, batch, payload);
  }

  async #drive(no: number, batch: Batch<Result>, payload: Uint8Array): Promise<void> {
    let retryMs = RETRY_FIRST_MS;
    while (this.#batches.has(no)) {
      const giveUp = new AbortController();
      const cancel = this.#clock.after(this.#limits.attemptMs, () =>
        giveUp.abort(new LogUnavailable('unknown', 'no answer')),
      );
      batch.attempts++;
      try {
        await this.#log.propose(payload, giveUp.signal);
        batch.maybeStored = true;
        cancel();
        await this.#doneWithin(batch, CONFIRM_MS);
      } catch (error) {
        cancel();
        if (!(error instanceof LogUnavailable && error.outcome === 'not-applied')) batch.maybeStored = true;
        await this.#doneWithin(batch, retryMs);
        retryMs = Math.min(retryMs * 2, RETRY_MAX_MS);
      }
    }
  }

  async #doneWithin(batch: Batch<Result>, ms: number): Promise<void> {
    const { promise: late, resolve } = Promise.withResolvers<void>();
    const cancel = this.#clock.after(ms, resolve);
    await Promise.race([batch.done, late]).finally(cancel);
  }

  #startSweep(): void {
    if (this.#sweeping) return;
    this.#sweeping = true;
    this.#clock.after(SWEEP_MS, () => this.#sweep());
  }

  /** Tells those whose deadline passed, or whose log has lost its quorum, that it is unavailable. */
  #sweep(): void {
    const now = this.#clock.monotonic();
    const lost = this.#quorum.lost();
    const why = lost ? 'fewer than two zones answer' : 'the log did not confirm in time';
    for (const w of this.#queue) if (lost || now >= w.deadline) fail(w, 'not-applied', why);
    this.#queue = this.#queue.filter(w => !w.settled);
    for (const [no, batch] of this.#batches) {
      const outcome = batch.maybeStored ? 'unknown' : 'not-applied';
      for (const w of batch.waiting) if (lost || now >= w.deadline) fail(w, outcome, why);
      const abandoned = batch.waiting.length > 0 && batch.waiting.every(w => w.settled);
      if (abandoned) this.#drop(no, batch);
    }
    this.#sweeping = this.#queue.length > 0 || this.#batches.size > 0;
    if (this.#queue.length > 0) this.#schedulePump();
    if (this.#sweeping) this.#clock.after(SWEEP_MS, () => this.#sweep());
  }

  #drop(no: number, batch: Batch<Result>): void {
    this.#batches.delete(no);
    batch.finish();
    if (this.#queue.length > 0) this.#schedulePump();
  }
}

function settle(waiting: Waiting<never>, how: () => void): void {
  if (waiting.settled) return;
  waiting.settled = true;
  how();
}

const fail = (waiting: Waiting<never>, outcome: 'not-applied' | 'unknown', why: string): void =>
  settle(waiting, () => {
    const error = new LogUnavailable(outcome, why);
    waiting.commit?.failed(error);
    waiting.reject(error);
  });
