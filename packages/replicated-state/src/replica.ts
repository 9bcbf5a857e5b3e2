/**
 * One zone's copy of a replicated state: follows the log, applies it, executes commands through it, answers strong and
 * local reads, keeps snapshots, and comes back by itself whatever it finds on its disk or in the log.
 *
 * Start-up needs nothing: the newest local snapshot serves local reads at once; the log, or a peer's snapshot when the
 * log no longer reaches back far enough, brings it up to date as soon as either can be reached.
 */
import { type Clock, errorStory, hexId, type Random, sleep } from '@stormglass/base';
import { type Applied, Applier } from './applier.ts';
import { Keeper, type KeeperOptions } from './keeper.ts';
import { type LogEntry, type LogHealth, LogUnavailable, type Seq, Truncated } from './log.ts';
import { PROPOSER_LIMITS, Proposer, type ProposerLimits } from './proposer.ts';
import { QuorumWatch } from './quorum-watch.ts';
import { SharedBarrier } from './shared-barrier.ts';
import { type Snapshot, type StoredSnapshot, writeSnapshot } from './snapshot.ts';
import { writeStoredSnapshot } from './snapshot-stream.ts';
import type { StateMachine } from './state-machine.ts';
import type { StoredState } from './stored-state.ts';
import { type LogTracing, tracesOf } from './telemetry-hooks.ts';

export type { CommitSpan, LogTracing } from './telemetry-hooks.ts';

/**
 * A snapshot from another zone that reaches to `atLeast` or further; undefined when none has one at the moment. `signal` is
 * aborted when no more of it is wanted.
 */
export type PeerSnapshots = (atLeast: Seq, signal: AbortSignal) => Promise<Snapshot | StoredSnapshot | undefined>;

export interface ReplicaOptions<Command, Result, View> extends KeeperOptions {
  readonly machine: StateMachine<Command, Result, View>;
  readonly clock: Clock;
  readonly random: Random;
  readonly peers?: PeerSnapshots;
  /** A loss of quorum up to this long is waited out, in ms (default 500; engines that elect leaders need more). */
  readonly quorumGraceMs?: number;
  readonly limits?: Partial<ProposerLimits>;
  /** Follows traced commands through the log; without it a trace ends at `execute`. */
  readonly tracing?: LogTracing | undefined;
}

export interface ExecuteOptions {
  /** Makes a retry harmless: a command with an id applied within the last minute returns that command's result. */
  readonly id?: string | undefined;
  /** Monotonic time in ms by which the caller must hear something. */
  readonly deadline: number;
  /** W3C `traceparent` to carry through the log. */
  readonly trace?: string | undefined;
}

const FOLLOW_RETRY_MS = 100;
/** A barrier outlives the readers that wait for it; each of them has a deadline of its own. */
const BARRIER_TIMEOUT_MS = 60_000;
const READ_INDEX_ATTEMPT_MS = 300;
/** ... and as long as the quorum is taken to be gone. */
const LOST_ATTEMPT_MS = 100;
const READ_INDEX_RETRY_MS = 20;
/** While a copy for a peer is made, it hears this often that it is. */
const STILL_COPYING_MS = 1000;

export class Replica<Command, Result, View> {
  readonly #options: ReplicaOptions<Command, Result, View>;
  readonly #applier: Applier<Command, Result, View>;
  readonly #proposer: Proposer<Command, Result>;
  readonly #quorum: QuorumWatch;
  readonly #barrier: SharedBarrier;
  readonly #stopping = new AbortController();
  #following: Promise<void> = Promise.resolve();
  readonly #keeper: Keeper;
  readonly #stored: StoredState | undefined;
  #waiters: { seq: Seq; resolve: () => void }[] = [];
  /** Ends the subscription at hand. */
  #unsubscribe: () => void = () => {};

  constructor(options: ReplicaOptions<Command, Result, View>) {
    this.#options = options;
    const { machine, log, clock, random } = options;
    this.#applier = new Applier(machine);
    this.#stored = machine.stored;
    this.#keeper = new Keeper(options, () => ({
      stored: this.#stored,
      header: this.#applier.header,
      snapshot: () => this.#applier.snapshot(),
    }));
    this.#quorum = new QuorumWatch(log, clock, options.quorumGraceMs ?? 500);
    const limits = { ...PROPOSER_LIMITS, ...options.limits };
    this.#proposer = new Proposer(log, clock, random, this.#quorum, limits, options.tracing);
    this.#barrier = new SharedBarrier(clock, () => this.#passBarrier());
  }

  /** The state as this zone knows it now: an eventual read. */
  get view(): View {
    return this.#options.machine.view;
  }

  get applied(): Seq {
    return this.#applier.applied;
  }

  get hash(): number {
    return this.#applier.hash;
  }

  /** Incarnation of the log that positions belong to; empty until the log, or a snapshot, has told. */
  get logId(): string {
    return this.#applier.logId;
  }

  get snapshotSeq(): Seq {
    return this.#keeper.seq;
  }

  health(): LogHealth {
    return this.#options.log.health();
  }

  /** Takes up what this zone's disk holds, then follows the log in the background. */
  async start(): Promise<void> {
    if (this.#stored?.isDurable) {
      this.#applier.load();
      this.#stored.onDamage(() => this.#unsubscribe());
      if (this.applied > 0)
        await this.#keeper.keep().catch(error => this.#warn('what is stored was not synced', error));
    } else {
      const saved = await this.#options.snapshots?.load();
      if (saved !== undefined && this.#applier.fits(saved)) {
        await this.#applier.install(saved);
        this.#keeper.onSaved(saved.header);
      }
    }
    this.#following = this.#follow();
  }

  async close(): Promise<void> {
    this.#stopping.abort();
    this.#proposer.close();
    this.#quorum.close();
    await this.#options.log.close();
    await this.#following;
    await this.#keeper.idle();
    if (this.#stored?.isDurable) await this.#stored.close();
  }

  /**
   * Executes a command exactly once and returns what `apply` returned.
   * @throws LogUnavailable (`not-applied` or `unknown`) when the log did not confirm within the deadline;
   *   CommandTooLarge.
   */
  execute(command: Command, options: ExecuteOptions): Promise<Result> {
    const { deadline, trace } = options;
    const id = options.id ?? hexId(this.#options.random, 12);
    return this.#proposer.submit({ id, command, deadline, trace });
  }

  /**
   * Resolves when everything acknowledged anywhere before this call is applied here: what a strong read waits for.
   * @throws LogUnavailable when that cannot be confirmed by `deadline` (monotonic ms).
   */
  upToDate(deadline: number): Promise<void> {
    return this.#barrier.join(deadline);
  }

  /** The state as of now, as JSON records; undefined before anything was applied, and of a state that is stored on a disk. */
  snapshot(): Snapshot | undefined {
    return this.applied === 0 || this.#stored?.isDurable ? undefined : this.#applier.snapshot();
  }

  /**
   * The state as of now, for a peer that fell behind, as `receiveSnapshot` reads it; undefined before anything was applied.
   * It is made while it is drawn, which goes on as long as the state is large, and fails then if it cannot be made.
   */
  snapshotStream(): AsyncIterable<Uint8Array> | undefined {
    if (this.applied === 0) return undefined;
    return this.#stored?.isDurable ? this.#streamStored() : streamText(this.#applier.snapshot());
  }

  async *#streamStored(): AsyncGenerator<Uint8Array> {
    const made = this.#applier.copy();
    let isMade = false;
    const settled = made.then(
      () => (isMade = true),
      () => (isMade = true),
    );
    try {
      for (;;) {
        const late = Promise.withResolvers<void>();
        const cancel = this.#options.clock.after(STILL_COPYING_MS, late.resolve);
        await Promise.race([settled, late.promise]).finally(cancel);
        if (isMade) break;
        yield Buffer.from('\n');
      }
      const { header, copy } = await made;
      yield* writeStoredSnapshot(header, copy);
    } finally {
      await made.then(
        ({ copy }) => copy.discard(),
        () => {},
      );
    }
  }

  async #passBarrier(): Promise<void> {
    const { log, clock } = this.#options;
    if (log.readIndex === undefined) {
      const deadline = clock.monotonic() + BARRIER_TIMEOUT_MS;
      await this.#proposer.submit({ id: '', command: undefined, deadline });
      return;
    }
    const giveUpAt = clock.monotonic() + BARRIER_TIMEOUT_MS;
    for (;;) {
      // What this zone hears of the quorum is old news: it may be back, and have taken writes. Only the log knows.
      const index = await this.#askReadIndex(log.readIndex.bind(log), giveUpAt);
      if (index !== undefined) return this.#whenApplied(index);
      this.#quorum.assertHeld();
      await sleep(clock, READ_INDEX_RETRY_MS, this.#stopping.signal);
    }
  }

  /** One attempt; undefined when it got no answer and another one is worth making. */
  async #askReadIndex(ask: (signal: AbortSignal) => Promise<Seq>, giveUpAt: number): Promise<Seq | undefined> {
    const stop = new AbortController();
    const attemptMs = this.#quorum.lost() ? LOST_ATTEMPT_MS : READ_INDEX_ATTEMPT_MS;
    const cancel = this.#options.clock.after(attemptMs, () => stop.abort());
    try {
      return await ask(stop.signal);
    } catch (error) {
      if (this.#options.clock.monotonic() >= giveUpAt || !(error instanceof LogUnavailable)) throw error;
      return undefined;
    } finally {
      cancel();
    }
  }

  /** Never rejects: an entry that is committed arrives sooner or later, and readers have deadlines of their own. */
  #whenApplied(seq: Seq): Promise<void> | undefined {
    if (this.applied >= seq) return undefined;
    return new Promise(resolve => this.#waiters.push({ seq, resolve }));
  }

  async #follow(): Promise<void> {
    const { clock, log } = this.#options;
    const signal = this.#stopping.signal;
    while (!signal.aborted) {
      try {
        const { logId, first } = await log.bounds(signal);
        await this.#keeper.idle();
        await this.#adopt(logId);
        if (first > this.applied + 1) await this.#catchUpFromPeer(first - 1, signal);
        // The log before `first` is gone from this zone's disk, or waits to go: the state must be there in its place.
        if (first > this.#keeper.seq + 1) await this.#keeper.keep();
        await this.#subscribe(signal);
      } catch (error) {
        if (signal.aborted) return;
        if (!(error instanceof Truncated)) this.#warn('following the log failed', error);
        await sleep(clock, FOLLOW_RETRY_MS, signal).catch(() => {});
      }
    }
  }

  /** Applies entries until the replica stops, or they cannot be had or applied. */
  async #subscribe(stopping: AbortSignal): Promise<void> {
    const stop = new AbortController();
    this.#unsubscribe = () => stop.abort();
    const signal = AbortSignal.any([stopping, stop.signal]);
    const sink = (batch: readonly LogEntry[]) => {
      // An engine may have more on the way when one batch could not be applied.
      if (signal.aborted) return;
      try {
        this.#onEntries(batch);
      } catch (error) {
        stop.abort(error);
        throw error;
      }
    };
    await this.#options.log.subscribe(this.applied + 1, sink, signal);
    // What failed is told here by every engine; damage is dealt with at once.
    if (stop.signal.aborted && this.#stored?.damage === undefined) throw stop.signal.reason;
  }

  /** Positions mean something only within one incarnation of the log; in another one the state starts over. */
  async #adopt(logId: string): Promise<void> {
    const { logger } = this.#options;
    const was = this.logId;
    const damage = this.#stored?.damage;
    if (damage !== undefined) {
      logger.warn('replica: the stored state is damaged, and dropped', { damage });
      await this.#applier.clear();
    } else if (await this.#applier.adopt(logId)) {
      logger.warn('replica: the log was created anew, local state dropped', { was, logId });
    } else return;
    this.#keeper.reset();
  }

  async #catchUpFromPeer(atLeast: Seq, signal: AbortSignal): Promise<void> {
    const { peers, logger } = this.#options;
    const enough = new AbortController();
    try {
      const snapshot = await peers?.(atLeast, AbortSignal.any([signal, enough.signal]));
      const usable = snapshot !== undefined && this.#applier.fits(snapshot) && snapshot.header.logId === this.logId;
      if (!usable || snapshot.header.seq < atLeast) {
        throw new Error('the log no longer reaches back far enough and no peer gave a snapshot');
      }
      await this.#applier.install(snapshot);
    } finally {
      enough.abort();
    }
    this.#wake();
    logger.info('replica: installed a snapshot from a peer', { seq: this.applied });
  }

  #onEntries(batch: readonly LogEntry[]): void {
    // After a peer's snapshot the engine may hand over entries that the snapshot already holds.
    const fresh = batch.filter(entry => entry.seq > this.applied);
    if (fresh.length === 0) return;
    this.#applier.applyAll(
      fresh,
      applied => this.#proposer.onApplied(applied),
      (entry, apply) => this.#traced(entry, apply),
    );
    this.#wake();
    this.#keeper.onApplied(fresh);
  }

  #traced(entry: LogEntry, apply: () => Applied<Result> | undefined): Applied<Result> | undefined {
    const { tracing } = this.#options;
    const traces = tracing === undefined ? [] : tracesOf(entry.payload);
    if (traces.length === 0) return apply();
    const done = tracing?.applying(traces, entry);
    const applied = apply();
    if (applied !== undefined) done?.(applied.outcome);
    return applied;
  }

  #wake(): void {
    if (this.#waiters.length === 0) return;
    const ready = this.#waiters.filter(w => w.seq <= this.applied);
    if (ready.length === 0) return;
    this.#waiters = this.#waiters.filter(w => w.seq > this.applied);
    for (const { resolve } of ready) resolve();
  }

  #warn(what: string, error: unknown): void {
    this.#options.logger.warn(`replica: ${what}`, { error: errorStory(error) });
  }
}

async function* streamText(snapshot: Snapshot): AsyncGenerator<Uint8Array> {
  for (const chunk of writeSnapshot(snapshot)) yield Buffer.from(chunk);
}
