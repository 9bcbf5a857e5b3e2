/**
 * One zone's copy of a replicated state: follows the log, applies it, executes commands through it, answers strong and
 * local reads, keeps snapshots, and comes back by itself whatever it finds on its disk or in the log.
 *
 * Start-up needs nothing: the newest local snapshot serves local reads at once; the log, or a peer's snapshot when the
 * log no longer reaches back far enough, brings it up to date as soon as either can be reached.
 */
import { type Clock, errorStory, hexId, type Logger, type Random, sleep } from '@stormglass/base';
import { type Applied, Applier } from './applier.ts';
import { type LogEntry, type LogHealth, LogUnavailable, type ReplicatedLog, type Seq, Truncated } from './log.ts';
import { PROPOSER_LIMITS, Proposer, type ProposerLimits } from './proposer.ts';
import { QuorumWatch } from './quorum-watch.ts';
import { SharedBarrier } from './shared-barrier.ts';
import type { Snapshot, SnapshotStore } from './snapshot.ts';
import type { StateMachine } from './state-machine.ts';
import { type LogTracing, tracesOf } from './telemetry-hooks.ts';

export type { CommitSpan, LogTracing } from './telemetry-hooks.ts';

/** A snapshot from another zone that reaches to `atLeast` or further; undefined when none has one at the moment. */
export type PeerSnapshots = (atLeast: Seq, signal: AbortSignal) => Promise<Snapshot | undefined>;

export interface ReplicaOptions<Command, Result, View> {
  readonly machine: StateMachine<Command, Result, View>;
  readonly log: ReplicatedLog;
  readonly clock: Clock;
  readonly random: Random;
  readonly logger: Logger;
  readonly snapshots?: SnapshotStore;
  readonly peers?: PeerSnapshots;
  /** A loss of quorum up to this long is waited out, in ms (default 500; engines that elect leaders need more). */
  readonly quorumGraceMs?: number;
  /** Entries between two snapshots (default 20,000). */
  readonly snapshotEvery?: number;
  /** Entries kept in the log behind the newest snapshot, for zones that were away for a while (default 20,000). */
  readonly keepBehind?: number;
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
const READ_INDEX_RETRY_MS = 20;

export class Replica<Command, Result, View> {
  readonly #options: ReplicaOptions<Command, Result, View>;
  readonly #applier: Applier<Command, Result, View>;
  readonly #proposer: Proposer<Command, Result>;
  readonly #quorum: QuorumWatch;
  readonly #barrier: SharedBarrier;
  readonly #stopping = new AbortController();
  #following: Promise<void> = Promise.resolve();
  #waiters: { seq: Seq; resolve: () => void }[] = [];
  #logId = '';
  #snapshotSeq: Seq = 0;
  #saving: Promise<void> | undefined;

  constructor(options: ReplicaOptions<Command, Result, View>) {
    this.#options = options;
    const { machine, log, clock, random } = options;
    this.#applier = new Applier(machine);
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
    return this.#logId;
  }

  get snapshotSeq(): Seq {
    return this.#snapshotSeq;
  }

  health(): LogHealth {
    return this.#options.log.health();
  }

  /** Loads the newest local snapshot, then follows the log in the background. */
  async start(): Promise<void> {
    const stored = await this.#options.snapshots?.load();
    if (stored !== undefined && this.#fits(stored)) {
      this.#install(stored);
      this.#onSaved(stored);
    }
    this.#following = this.#follow();
  }

  async close(): Promise<void> {
    this.#stopping.abort();
    this.#proposer.close();
    this.#quorum.close();
    await this.#options.log.close();
    await this.#following;
    await this.#saving;
  }

  /**
   * Executes a command exactly once and returns what `apply` returned.
   * @throws LogUnavailable (`not-applied` or `unknown`) when the log did not confirm within the deadline.
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
  async upToDate(deadline: number): Promise<void> {
    this.#quorum.assertHeld();
    const { clock } = this.#options;
    const late = Promise.withResolvers<void>();
    const cancel = clock.after(Math.max(0, deadline - clock.monotonic()), () =>
      late.reject(new LogUnavailable('unknown', 'no barrier passed in time')),
    );
    await Promise.race([this.#barrier.join(), late.promise]).finally(cancel);
  }

  /** The state as of now, for a peer that fell behind; undefined before anything was applied. */
  snapshot(): Snapshot | undefined {
    return this.applied === 0 ? undefined : this.#applier.snapshot(this.#logId);
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
      this.#quorum.assertHeld();
      const index = await this.#askReadIndex(log.readIndex.bind(log), giveUpAt);
      if (index !== undefined) return this.#whenApplied(index);
      await sleep(clock, READ_INDEX_RETRY_MS, this.#stopping.signal);
    }
  }

  /** One attempt; undefined when it got no answer and another one is worth making. */
  async #askReadIndex(ask: (signal: AbortSignal) => Promise<Seq>, giveUpAt: number): Promise<Seq | undefined> {
    const stop = new AbortController();
    const cancel = this.#options.clock.after(READ_INDEX_ATTEMPT_MS, () => stop.abort());
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
    const { clock, logger, log } = this.#options;
    const signal = this.#stopping.signal;
    while (!signal.aborted) {
      try {
        const { logId, first } = await log.bounds(signal);
        await this.#saving;
        this.#adopt(logId);
        if (first > this.applied + 1) await this.#catchUpFromPeer(first - 1, signal);
        // The log before `first` is gone from this zone's disk, or waits to go: the state must be there in its place.
        if (first > this.#snapshotSeq + 1) await this.#keep();
        await log.subscribe(this.applied + 1, batch => this.#onEntries(batch), signal);
      } catch (error) {
        if (signal.aborted) return;
        if (!(error instanceof Truncated))
          logger.warn('replica: following the log failed', { error: errorStory(error) });
        await sleep(clock, FOLLOW_RETRY_MS, signal).catch(() => {});
      }
    }
  }

  /** Positions mean something only within one incarnation of the log; in another one the state starts over. */
  #adopt(logId: string): void {
    if (this.#logId === logId) return;
    if (this.applied > 0) {
      this.#options.logger.warn('replica: the log was created anew, local state dropped', { was: this.#logId, logId });
      this.#applier.clear();
      this.#snapshotSeq = 0;
    }
    this.#logId = logId;
  }

  async #catchUpFromPeer(atLeast: Seq, signal: AbortSignal): Promise<void> {
    const { peers, logger } = this.#options;
    const snapshot = await peers?.(atLeast, signal);
    const usable = snapshot !== undefined && this.#fits(snapshot) && snapshot.header.logId === this.#logId;
    if (!usable || snapshot.header.seq < atLeast) {
      throw new Error('the log no longer reaches back far enough and no peer gave a snapshot');
    }
    this.#install(snapshot);
    logger.info('replica: installed a snapshot from a peer', { seq: this.applied });
  }

  #fits({ header }: Snapshot): boolean {
    return header.machine === this.#options.machine.name && header.format === this.#options.machine.format;
  }

  #install(snapshot: Snapshot): void {
    this.#applier.install(snapshot);
    this.#logId = snapshot.header.logId;
    this.#wake();
  }

  #onEntries(batch: readonly LogEntry[]): void {
    for (const entry of batch) {
      // After a peer's snapshot the engine may hand over entries that the snapshot already holds.
      if (entry.seq <= this.applied) continue;
      const applied = this.#apply(entry);
      if (applied !== undefined) this.#proposer.onApplied(applied, entry.seq, this.#applier.now);
    }
    this.#wake();
    this.#snapshotWhenDue();
  }

  #apply(entry: LogEntry): Applied<Result> | undefined {
    const { tracing } = this.#options;
    const traces = tracing === undefined ? [] : tracesOf(entry.payload);
    if (traces.length === 0) return this.#applier.apply(entry);
    const done = tracing?.applying(traces, entry);
    const applied = this.#applier.apply(entry);
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

  #snapshotWhenDue(): void {
    const { snapshots, snapshotEvery = 20_000 } = this.#options;
    if (snapshots === undefined || this.#saving !== undefined || this.applied - this.#snapshotSeq < snapshotEvery)
      return;
    this.#saving = this.#keepAndTrim()
      .catch(error => this.#options.logger.warn('replica: snapshot failed', { error: errorStory(error) }))
      .finally(() => {
        this.#saving = undefined;
      });
  }

  async #keepAndTrim(): Promise<void> {
    const { log, keepBehind = 20_000 } = this.#options;
    await this.#keep();
    if (this.#snapshotSeq > keepBehind) await log.trim(this.#snapshotSeq - keepBehind);
  }

  /** Puts the state as of now onto this zone's disk. */
  async #keep(): Promise<void> {
    const snapshot = this.#applier.snapshot(this.#logId);
    await this.#options.snapshots?.save(snapshot);
    this.#onSaved(snapshot);
  }

  #onSaved({ header }: Snapshot): void {
    this.#snapshotSeq = header.seq;
    this.#options.log.saved?.(header.seq, header.logId);
  }
}
