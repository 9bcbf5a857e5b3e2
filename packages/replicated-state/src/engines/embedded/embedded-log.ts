/**
 * A zone's side of one log: stores what the sequencer sends in the zone's journal, follows the commit position, and is
 * the `ReplicatedLog` that the zone's replica uses.
 *
 * Z1: `stored` is said only of entries that are durable and known to be those of the sequencer's log: a journal may hold
 * more, left over from an older epoch. Z2: nothing of an epoch older than the promised one is stored. Z3: entries count
 * as committed only as far as this journal is known to match, and a committed entry is never replaced. Z4: a journal
 * begins anew only behind a position whose state is in a snapshot on the same disk, so no copy ever has a gap.
 *
 * A journal whose disk takes no writes, because it is full for example, is no copy: the zone refuses what needs the log
 * and joins again every now and then, until a write succeeds.
 */
import { type Clock, errorStory, invariant, type Logger } from '@stormglass/base';
import {
  type LogBounds,
  type LogEntry,
  type LogHealth,
  LogUnavailable,
  type ReplicatedLog,
  type Seq,
  Truncated,
} from '../../log.ts';
import { type LogTracing, tracedStore } from '../../telemetry-hooks.ts';
import { epochAt, type Journal, type JournalBase, type JournalEntry } from './journal.ts';
import type { FromZone, ToZone } from './messages.ts';
import { PendingRequests } from './pending-requests.ts';

export interface EmbeddedLogOptions {
  readonly name: string;
  readonly journal: Journal;
  readonly clock: Clock;
  readonly logger: Logger;
  /** Sends to the sequencer; dropped while there is no connection. */
  readonly send: (message: FromZone) => void;
  /** Ends the connection, so that the zone joins again, after so many ms or soon, with what its disk really holds. */
  readonly reconnect: (afterMs?: number) => void;
  /** Hears of traced entries that are written to the journal. */
  readonly tracing?: Pick<LogTracing, 'storing'> | undefined;
}

interface Subscription {
  next: Seq;
  readonly sink: (batch: readonly LogEntry[]) => void;
  readonly reject: (error: Error) => void;
  reading: boolean;
}

/** `announce`: say what the journal holds, once nothing is being written to it any more. */
type Work =
  | Extract<ToZone, { type: 'epoch' | 'restart' | 'append' | 'restore' | 'fetch' }>
  | { readonly type: 'announce' };

/** What is applied in one turn when a zone reads on from its journal. */
const READ_BYTES = 256 * 1024;
const RECENT_MAX = { entries: 4096, bytes: 16 * 1024 * 1024 };
const FAILED_RETRY_MS = 500;

export class EmbeddedLog implements ReplicatedLog {
  readonly name: string;
  readonly #options: EmbeddedLogOptions;
  readonly #journal: Journal;
  readonly #requests = new PendingRequests();
  readonly #subscriptions = new Set<Subscription>();
  readonly #onIdentity: (() => void)[] = [];
  #connected = false;
  /** Counts connections: what was begun on an earlier one does not speak for this one. */
  #connection = 0;
  /** This journal is known to match the sequencer's log up to here; 0 until that is known on this connection. */
  #matched: Seq = 0;
  #health: LogHealth = { state: 'no-quorum' };
  #commit: Seq;
  /** Highest commit position heard of; the journal may still be behind it. */
  #announced: Seq = 0;
  /** The newest snapshot on this zone's disk. */
  #saved = { through: 0, logId: '' };
  /** This journal is to begin anew behind here, once a snapshot reaches that far. */
  #awaited: JournalBase | undefined;
  /** The newest entries as they came in, so that committing them needs no read. */
  #recent: JournalEntry[] = [];
  #recentBytes = 0;
  #work: Work[] = [];
  #working = false;
  /** The journal takes no writes: why. */
  #failure: string | undefined;
  #closed = false;

  constructor(options: EmbeddedLogOptions) {
    this.#options = options;
    this.#journal = options.journal;
    this.name = options.name;
    this.#commit = options.journal.commitHint;
  }

  // --- the port

  propose(payload: Uint8Array, signal: AbortSignal): Promise<Seq> {
    return this.#ask(request => ({ type: 'propose', log: this.name, request, payload }), signal);
  }

  readIndex(signal: AbortSignal): Promise<Seq> {
    return this.#ask(request => ({ type: 'read-index', log: this.name, request }), signal);
  }

  subscribe(from: Seq, sink: (batch: readonly LogEntry[]) => void, signal: AbortSignal): Promise<void> {
    const { promise, resolve, reject } = Promise.withResolvers<void>();
    const subscription: Subscription = { next: from, sink, reject, reading: false };
    this.#subscriptions.add(subscription);
    signal.addEventListener('abort', () => resolve(), { once: true });
    if (signal.aborted) resolve();
    this.#deliver(subscription);
    return promise.finally(() => this.#subscriptions.delete(subscription));
  }

  async bounds(signal: AbortSignal): Promise<LogBounds> {
    while (this.#journal.logId === undefined) await this.#identityKnown(signal);
    return { logId: this.#journal.logId, first: this.#floor + 1, last: Math.max(this.#commit, this.#floor) };
  }

  trim(through: Seq): Promise<void> {
    return this.#journal.trim(Math.min(through, this.#commit));
  }

  saved(through: Seq, logId: string): void {
    this.#saved = { through, logId };
    const base = this.#awaited;
    if (base === undefined) return;
    this.#awaited = undefined;
    this.#work.push({ type: 'restart', log: this.name, base });
    void this.#process();
  }

  health(): LogHealth {
    return this.#connected && this.#failure === undefined ? this.#health : { state: 'no-quorum' };
  }

  async close(): Promise<void> {
    this.#closed = true;
    this.onDisconnected();
    await this.#journal.close();
  }

  // --- the connection

  onConnected(): void {
    this.#connected = true;
    this.#health = { state: 'no-quorum' };
    this.#matched = 0;
    this.#awaited = undefined;
    this.#connection++;
    this.#work = [{ type: 'announce' }];
    void this.#process();
  }

  onDisconnected(): void {
    this.#connected = false;
    this.#awaited = undefined;
    this.#work = [];
    this.#requests.giveUp();
  }

  onHealth(health: LogHealth | undefined): void {
    this.#health = health ?? { state: 'no-quorum' };
  }

  onMessage(message: Exclude<ToZone, { type: 'ping' }>): void {
    switch (message.type) {
      case 'commit':
        for (const [request, seq] of message.proposed) this.#requests.answer(request, r => r.resolve(seq));
        return this.#onCommit(message.commit);
      case 'index':
        return this.#requests.answer(message.request, r => r.resolve(message.seq));
      case 'refused':
        return this.#requests.answer(message.request, r => r.reject(new LogUnavailable('not-applied', message.why)));
      default:
        this.#work.push(message);
        void this.#process();
    }
  }

  #ask(message: (request: number) => FromZone, signal: AbortSignal): Promise<Seq> {
    if (!this.#connected) return Promise.reject(new LogUnavailable('not-applied', 'no connection to the log'));
    if (this.#failure !== undefined) {
      return Promise.reject(new LogUnavailable('not-applied', `the zone's disk takes no writes: ${this.#failure}`));
    }
    return this.#requests.ask(request => this.#options.send(message(request)), signal);
  }

  #identityKnown(signal: AbortSignal): Promise<void> {
    return new Promise((resolve, reject) => {
      this.#onIdentity.push(resolve);
      signal.addEventListener('abort', () => reject(signal.reason), { once: true });
    });
  }

  // --- the journal

  /** Works through what the sequencer sent, one disk operation at a time. */
  async #process(): Promise<void> {
    if (this.#working) return;
    this.#working = true;
    try {
      while (this.#work.length > 0 && !this.#closed) await this.#step(this.#work.shift()!);
    } catch (error) {
      if (!this.#closed) this.#onFailure(errorStory(error));
    } finally {
      this.#working = false;
    }
  }

  /** One line in the log for each trouble, however long it lasts. */
  #onFailure(why: string): void {
    const { logger, reconnect } = this.#options;
    if (this.#failure === undefined) logger.error('journal failed; joining again', { log: this.name, error: why });
    reconnect(this.#failure === undefined ? undefined : FAILED_RETRY_MS);
    this.#failure = why;
  }

  #onWritten(): void {
    if (this.#failure === undefined) return;
    this.#options.logger.info('journal takes writes again', { log: this.name });
    this.#failure = undefined;
  }

  async #step(work: Work): Promise<void> {
    switch (work.type) {
      case 'announce':
        return this.#announce();
      case 'epoch':
        return this.#promise(work);
      case 'restart':
        return this.#restart(work.base);
      case 'append':
        return this.#append(work);
      case 'restore':
        return this.#journal.restore();
      case 'fetch':
        return this.#fetch(work);
    }
  }

  #announce(): void {
    const { logId, promised, base, last, epochs, commitHint, sound } = this.#journal;
    const position = { logId, promised, base, last, epochs, commitHint, sound };
    this.#options.send({ type: 'position', log: this.name, position });
  }

  async #promise({ epoch, logId, sound }: Extract<Work, { type: 'epoch' }>): Promise<void> {
    if (epoch < this.#journal.promised) return;
    const foreign = this.#journal.logId !== undefined && this.#journal.logId !== logId;
    // Entries of another incarnation must be gone before the new identity is taken on.
    if (foreign) await this.#empty({ seq: 0, epoch: 0 });
    await this.#journal.promise(epoch, logId, sound);
    this.#onWritten();
    for (const known of this.#onIdentity.splice(0)) known();
    this.#options.send({ type: 'promised', log: this.name, epoch });
  }

  /** The journal stays as it is until the replica has fetched and saved the state that takes its place. */
  async #restart(base: JournalBase): Promise<void> {
    const { through, logId } = this.#saved;
    if (base.seq > 0 && (logId !== this.#journal.logId || through < base.seq)) {
      this.#awaited = base;
      return this.#turnAway(base);
    }
    await this.#empty(base);
    this.#options.send({ type: 'restarted', log: this.name, base });
  }

  async #empty(base: JournalBase): Promise<void> {
    this.#matched = 0;
    this.#recent = [];
    this.#recentBytes = 0;
    await this.#journal.restart(base);
    this.#commit = base.seq;
    this.#turnAway(base);
  }

  #turnAway(base: JournalBase): void {
    for (const subscription of this.#subscriptions) subscription.reject(new Truncated(base.seq + 1));
  }

  /** Nothing up to here is handed over. */
  get #floor(): Seq {
    return Math.max(this.#journal.base.seq, this.#awaited?.seq ?? 0);
  }

  async #append(first: Extract<Work, { type: 'append' }>): Promise<void> {
    if (first.epoch !== this.#journal.promised) return;
    if (epochAt(this.#journal, first.previous.seq) !== first.previous.epoch) {
      throw new Error(`the sequencer builds on entry ${first.previous.seq}, which this journal does not hold`);
    }
    // Appends that queued up while the disk was busy become one write.
    const entries = [...first.entries];
    let commit = first.commit;
    for (let next = this.#work[0]; next?.type === 'append' && next.epoch === first.epoch; next = this.#work[0]) {
      this.#work.shift();
      entries.push(...next.entries);
      commit = Math.max(commit, next.commit);
    }
    const connection = this.#connection;
    await this.#store(entries, first.previous.seq, commit);
    // What an earlier sequencer sent says nothing about the log of the present one.
    if (connection !== this.#connection) return;
    this.#matched = Math.max(this.#matched, entries.at(-1)?.seq ?? first.previous.seq);
    this.#options.send({ type: 'stored', log: this.name, epoch: first.epoch, last: this.#matched });
    this.#onCommit(commit);
  }

  async #store(entries: readonly JournalEntry[], after: Seq, commit: Seq): Promise<void> {
    const journal = this.#journal;
    const fresh = entries.findIndex(e => e.seq > journal.last || epochAt(journal, e.seq) !== e.epoch);
    const first = fresh === -1 ? undefined : entries[fresh]!;
    if (first === undefined) return;
    invariant(first.seq > after, 'entries follow the previous one');
    if (first.seq <= journal.last) {
      invariant(first.seq > this.#commit, 'Z3: a committed entry is never replaced');
      await journal.truncateAfter(first.seq - 1);
      this.#recent = this.#recent.filter(e => e.seq < first.seq);
      this.#recentBytes = bytesOf(this.#recent);
    }
    const added = entries.slice(fresh);
    const upTo = Math.max(this.#commit, commit);
    await tracedStore(this.#options.tracing, added, () => journal.append(added, upTo));
    this.#recent.push(...added);
    this.#recentBytes += bytesOf(added);
    this.#shortenRecent();
  }

  /** Drops the older half, in entries, as often as there is too much; what is dropped is read from the journal. */
  #shortenRecent(): void {
    while (
      this.#recent.length > RECENT_MAX.entries ||
      (this.#recentBytes > RECENT_MAX.bytes && this.#recent.length > 1)
    ) {
      this.#recent = this.#recent.slice(Math.ceil(this.#recent.length / 2));
      this.#recentBytes = bytesOf(this.#recent);
    }
  }

  async #fetch({ from, bytesMax }: Extract<Work, { type: 'fetch' }>): Promise<void> {
    const { base, last } = this.#journal;
    const entries = from > base.seq && from <= last ? await this.#journal.read(from, bytesMax) : [];
    this.#options.send({ type: 'fetched', log: this.name, from, base, entries });
  }

  // --- delivery

  #onCommit(commit: Seq): void {
    this.#announced = Math.max(this.#announced, commit);
    const reached = Math.min(this.#announced, this.#matched);
    if (reached <= this.#commit) return;
    this.#commit = reached;
    for (const subscription of this.#subscriptions) this.#deliver(subscription);
  }

  /** Hands over what is committed: from memory where it is recent, else from the journal. */
  #deliver(subscription: Subscription): void {
    if (subscription.reading) return;
    if (subscription.next <= this.#floor) return subscription.reject(new Truncated(this.#floor + 1));
    if (subscription.next > this.#commit) return;
    const recentFirst = this.#recent[0]?.seq ?? Number.POSITIVE_INFINITY;
    if (subscription.next < recentFirst) {
      void this.#deliverFromJournal(subscription);
      return;
    }
    const batch = this.#recent.slice(subscription.next - recentFirst, this.#commit + 1 - recentFirst);
    this.#hand(subscription, batch);
  }

  async #deliverFromJournal(subscription: Subscription): Promise<void> {
    subscription.reading = true;
    try {
      const entries = await this.#journal.read(subscription.next, READ_BYTES);
      this.#hand(
        subscription,
        entries.filter(e => e.seq <= this.#commit),
      );
    } catch (error) {
      subscription.reject(error instanceof Error ? error : new Error(String(error)));
      // What the disk no longer gives back is fetched anew from the other zones.
      this.#options.reconnect();
      return;
    } finally {
      subscription.reading = false;
    }
    this.#deliver(subscription);
  }

  #hand(subscription: Subscription, batch: readonly JournalEntry[]): void {
    if (batch.length === 0 || !this.#subscriptions.has(subscription)) return;
    subscription.next = batch.at(-1)!.seq + 1;
    try {
      subscription.sink(batch);
    } catch (error) {
      subscription.reject(error instanceof Error ? error : new Error(String(error)));
    }
  }
}

const bytesOf = (entries: readonly JournalEntry[]): number => entries.reduce((sum, e) => sum + e.payload.length, 0);
