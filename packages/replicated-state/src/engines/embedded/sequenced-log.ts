/**
 * The sequencer's side of one log: gives every proposal its position, has it stored by the zones' journals, and calls
 * it committed when a quorum of zones has it on disk. It keeps nothing itself: after a restart it learns the log from
 * the zones, under a new epoch that a quorum has promised to follow.
 *
 * This is the replication half of Raft (Ongaro and Ousterhout, 2014) with a fixed leader: the sequencer is never
 * replaced while it lives, so there are no elections. It is a single point by design, and documented as such.
 *
 * S1: an epoch is used only after a quorum promised it, so no two sequencers ever use the same one. S2: the log a new
 * epoch begins with is the most advanced among a quorum of sound journals, so it holds everything acknowledged. S3: an
 * entry counts as committed only through an entry of the current epoch (Raft, section 5.4.2). S4: a zone is sent only
 * what follows the point up to which its journal matches.
 */
import { type Clock, hexId, type Logger, type Random } from '@stormglass/base';
import type { LogHealth, Seq } from '../../log.ts';
import { type Follower, newFollower, sourceFor } from './follower.ts';
import { type EpochRange, epochAt, type JournalBase, type JournalEntry, matchPoint, withEpoch } from './journal.ts';
import { isSound, leadingJournal } from './leading-journal.ts';
import type { FromZone, Position, ToZone } from './messages.ts';
import { NewestEntries } from './newest-entries.ts';
import { PendingProposals } from './pending-proposals.ts';

export interface SequencedLogOptions {
  readonly name: string;
  readonly zones: readonly string[];
  /** Identity of the log when the region has had one before; undefined in a new region. */
  readonly knownLogId: string | undefined;
  readonly clock: Clock;
  readonly random: Random;
  readonly logger: Logger;
  /** A zone not heard of for this long does not count as present, in ms. */
  readonly silentAfterMs: number;
  /** Told the log's identity whenever an epoch begins to serve, so that the region can remember it. */
  readonly onServing: (logId: string) => void;
  /** The epoch is over: every zone is to connect again. */
  readonly onDeposed: () => void;
}

const WINDOW_BYTES = 4 * 1024 * 1024;
const APPEND_BYTES_MAX = 512 * 1024;
const UNCOMMITTED_MAX = 4096;
const FETCH_TIMEOUT_MS = 1000;
const WAITING_READS_MAX = 100_000;

export class SequencedLog {
  readonly #options: SequencedLogOptions;
  readonly #followers = new Map<string, Follower>();
  #phase: 'gathering' | 'promising' | 'serving' = 'gathering';
  #logId: string | undefined;
  /** Set once this sequencer has acknowledged anything: from then on a fresh disk is one that has lost something. */
  #servedLogId: string | undefined;
  /** The zone whose journal this epoch begins with. */
  #leadingZone = '';
  #epoch = 0;
  #epochStart: Seq = 0;
  #base: JournalBase = { seq: 0, epoch: 0 };
  #last: Seq = 0;
  #epochs: readonly EpochRange[] = [];
  #commit: Seq = 0;
  readonly #tail = new NewestEntries();
  readonly #proposals = new PendingProposals();
  #waitingReads: { zone: string; request: number }[] = [];
  #pumpScheduled = false;
  #lastTime = 0;

  constructor(options: SequencedLogOptions) {
    this.#options = options;
  }

  get name(): string {
    return this.#options.name;
  }

  health(): LogHealth {
    const present = this.#presentFollowers();
    const copies = present.filter(f => f.promised && f.match >= this.#commit).length;
    if (this.#phase !== 'serving' || !this.#hasQuorum) return { state: 'no-quorum', copies };
    return { state: copies === this.#options.zones.length ? 'ok' : 'degraded', copies };
  }

  status(): { logId: string | undefined; epoch: number; last: Seq; commit: Seq; zones: Record<string, Seq> } {
    const zones = Object.fromEntries([...this.#followers.values()].map(f => [f.zone, f.match]));
    return { logId: this.#logId, epoch: this.#epoch, last: this.#last, commit: this.#commit, zones };
  }

  /** A zone connected and told what its journal holds. */
  join(zone: string, told: Position, send: (message: ToZone) => void): void {
    const position = { ...told, sound: isSound(told, this.#options.knownLogId ?? this.#servedLogId) };
    const follower = newFollower(zone, position, send, this.#options.clock.monotonic());
    this.#followers.set(zone, follower);
    if (this.#phase !== 'serving') this.#begin();
    else if (position.promised <= this.#epoch) this.#askForPromise(follower);
    else this.#depose(position.promised);
  }

  /** A zone follows a later epoch, begun by a sequencer that died young. Everybody joins anew, for one that is later yet. */
  #depose(promised: number): void {
    this.#epoch = promised;
    this.#phase = 'gathering';
    this.#followers.clear();
    this.#proposals.clear();
    this.#waitingReads = [];
    this.#options.onDeposed();
  }

  leave(zone: string): void {
    this.#followers.delete(zone);
    this.#proposals.forget(zone);
    this.#waitingReads = this.#waitingReads.filter(read => read.zone !== zone);
    for (const follower of this.#followers.values()) follower.fetchingSince = undefined;
    if (this.#phase === 'promising') this.#begin();
    else this.#schedulePump();
  }

  /** Asks again where a fetch went unanswered, or nobody had what was asked for; called every now and then. */
  tick(): void {
    const oldest = this.#options.clock.monotonic() - FETCH_TIMEOUT_MS;
    for (const follower of this.#followers.values()) {
      if ((follower.fetchingSince ?? oldest) < oldest) follower.fetchingSince = undefined;
      this.#pump(follower);
    }
  }

  heard(zone: string): void {
    const follower = this.#followers.get(zone);
    if (follower !== undefined) follower.heardAt = this.#options.clock.monotonic();
  }

  onMessage(zone: string, message: Exclude<FromZone, { type: 'position' | 'pong' }>): void {
    const follower = this.#followers.get(zone);
    if (follower === undefined) return;
    switch (message.type) {
      case 'promised':
        return this.#onPromised(follower, message.epoch);
      case 'restarted':
        return this.#onRestarted(follower, message.base);
      case 'stored':
        return this.#onStored(follower, message.epoch, message.last);
      case 'propose':
        return this.#onPropose(follower, message.request, message.payload);
      case 'read-index':
        return this.#onReadIndex(follower, message.request);
      case 'fetched':
        return this.#onFetched(follower, message);
    }
  }

  get #quorum(): number {
    return Math.floor(this.#options.zones.length / 2) + 1;
  }

  /** A zone that does not get to promise, because its disk takes no writes, or waits for a snapshot, is no copy. */
  get #hasQuorum(): boolean {
    return this.#presentFollowers().filter(f => f.promised && !f.restarting).length >= this.#quorum;
  }

  #presentFollowers(): Follower[] {
    const oldest = this.#options.clock.monotonic() - this.#options.silentAfterMs;
    return [...this.#followers.values()].filter(f => f.heardAt >= oldest);
  }

  // --- beginning an epoch

  #begin(): void {
    const followers = [...this.#followers.values()];
    const leading = leadingJournal(followers, this.#quorum, this.#options.zones.length);
    if (leading === undefined) {
      this.#phase = 'gathering';
      return;
    }
    const best = leading.position;
    this.#phase = 'promising';
    this.#leadingZone = leading.zone;
    this.#epoch = Math.max(this.#epoch, ...followers.map(f => f.position.promised)) + 1;
    this.#logId = best.logId ?? this.#logId ?? this.#options.knownLogId ?? hexId(this.#options.random, 8);
    this.#base = best.base;
    this.#last = best.last;
    this.#epochs = best.epochs;
    this.#commit = Math.max(best.commitHint, best.base.seq);
    this.#tail.restart(this.#last);
    for (const follower of followers) this.#askForPromise(follower);
  }

  #askForPromise(follower: Follower): void {
    follower.promised = false;
    follower.send({
      type: 'epoch',
      log: this.name,
      logId: this.#logId!,
      epoch: this.#epoch,
      sound: follower.position.sound,
    });
  }

  #onPromised(follower: Follower, epoch: number): void {
    if (epoch !== this.#epoch) return;
    follower.promised = true;
    if (this.#phase === 'serving') return this.#synchronise([follower]);
    const promised = [...this.#followers.values()].filter(f => f.promised);
    const leading = this.#followers.get(this.#leadingZone);
    if (promised.length >= this.#quorum && leading?.promised) this.#serve(promised);
  }

  #serve(promised: readonly Follower[]): void {
    this.#phase = 'serving';
    this.#epochStart = this.#last + 1;
    this.#servedLogId = this.#logId;
    this.#options.onServing(this.#logId!);
    this.#options.logger.info('log serves', { log: this.name, epoch: this.#epoch, last: this.#last });
    this.#push(new Uint8Array());
    this.#synchronise(promised);
  }

  // --- bringing followers up to date

  /** Finds the points up to which the zones' journals match, and sends on from there. */
  #synchronise(followers: readonly Follower[]): void {
    const mine = this.#description;
    const matches = followers.map(({ position }) => {
      const foreign = position.logId !== undefined && position.logId !== this.#logId;
      return foreign ? undefined : matchPoint(position, mine);
    });
    // All points are known before anything is sent, because zones serve as sources for one another.
    for (const [i, follower] of followers.entries()) follower.match = matches[i] ?? 0;
    for (const [i, follower] of followers.entries()) {
      const match = matches[i];
      if (match === undefined) this.#restart(follower);
      else this.#resume(follower, match);
    }
  }

  #resume(follower: Follower, match: Seq): void {
    follower.match = match;
    follower.next = match + 1;
    follower.inFlight = [];
    follower.inFlightBytes = 0;
    // The first append may be empty: it tells the zone that its journal matches up to here, and what is committed.
    this.#sendEntries(follower, []);
    this.#advanceCommit();
    this.#schedulePump();
  }

  /**
   * Lets a zone begin anew behind the commit position, as soon as a snapshot of what lies before is on the zone's disk; it
   * counts for nothing until then. Further on, nobody may have the snapshot; further back, nobody may hold the entries.
   */
  #restart(follower: Follower): void {
    const base = { seq: this.#commit, epoch: epochAt(this.#description, this.#commit) ?? this.#base.epoch };
    follower.restarting = true;
    follower.send({ type: 'restart', log: this.name, base });
  }

  #onRestarted(follower: Follower, base: JournalBase): void {
    follower.restarting = false;
    follower.position = { ...follower.position, logId: this.#logId, base, last: base.seq, epochs: [] };
    this.#resume(follower, base.seq);
  }

  /** The log as this epoch knows it, in the terms in which journals describe theirs. */
  get #description(): { base: JournalBase; last: Seq; epochs: readonly EpochRange[] } {
    return { base: this.#base, last: this.#last, epochs: this.#epochs };
  }

  #schedulePump(): void {
    if (this.#pumpScheduled) return;
    this.#pumpScheduled = true;
    this.#options.clock.soon(() => {
      this.#pumpScheduled = false;
      for (const follower of this.#followers.values()) this.#pump(follower);
    });
  }

  #pump(follower: Follower): void {
    if (this.#phase !== 'serving' || !follower.promised || follower.restarting) return;
    while (follower.next <= this.#last && follower.inFlightBytes < WINDOW_BYTES) {
      if (follower.next < this.#tail.first) return this.#fetchFor(follower);
      this.#sendEntries(follower, this.#tail.from(follower.next, APPEND_BYTES_MAX));
    }
  }

  #sendEntries(follower: Follower, entries: readonly JournalEntry[]): void {
    const seq = follower.next - 1;
    const { base } = follower.position;
    const previous = seq === base.seq ? base : { seq, epoch: epochAt(this.#description, seq) ?? 0 };
    follower.send({ type: 'append', log: this.name, epoch: this.#epoch, previous, commit: this.#commit, entries });
    if (entries.length === 0) return;
    const bytes = entries.reduce((sum, e) => sum + e.payload.length + 64, 0);
    follower.next = entries.at(-1)!.seq + 1;
    follower.inFlight.push({ last: entries.at(-1)!.seq, bytes });
    follower.inFlightBytes += bytes;
  }

  #fetchFor(follower: Follower): void {
    if (follower.fetchingSince !== undefined) return;
    const source = sourceFor(follower, this.#followers.values());
    if (source === undefined) return this.#onNoSource(follower);
    follower.fetchingSince = this.#options.clock.monotonic();
    source.send({ type: 'fetch', log: this.name, from: follower.next, bytesMax: APPEND_BYTES_MAX });
  }

  #onNoSource(follower: Follower): void {
    if (follower.next <= this.#commit) {
      // Nobody has these entries any more. A zone alone waits: another one may come back with them, or with a snapshot.
      if (this.#presentFollowers().some(f => f !== follower && f.promised && !f.restarting)) this.#restart(follower);
      return;
    }
    // Inherited, never known committed, and gone with the disk they were on, if all zones are there: begin without them.
    const { size } = this.#followers;
    const isComplete = size === this.#options.zones.length && [...this.#followers.values()].every(f => f.promised);
    if (isComplete) this.#depose(this.#epoch);
  }

  #onFetched(source: Follower, message: Extract<FromZone, { type: 'fetched' }>): void {
    source.position = { ...source.position, base: message.base };
    for (const follower of this.#followers.values()) {
      if (follower.fetchingSince === undefined || follower.next !== message.from) continue;
      follower.fetchingSince = undefined;
      if (message.entries.length > 0) this.#sendEntries(follower, message.entries);
      this.#pump(follower);
    }
  }

  // --- storing and committing

  #onPropose(follower: Follower, request: number, payload: Uint8Array): void {
    const refuse = (why: string) => follower.send({ type: 'refused', log: this.name, request, why });
    if (this.#phase !== 'serving') return refuse('the log is starting');
    if (!this.#hasQuorum) return refuse('fewer than two zones answer');
    if (this.#last - this.#commit >= UNCOMMITTED_MAX) return refuse('too much is waiting to be stored');
    this.#proposals.add(this.#push(payload), follower.zone, request);
  }

  #push(payload: Uint8Array): Seq {
    const seq = ++this.#last;
    this.#lastTime = Math.max(this.#lastTime, this.#options.clock.now());
    this.#epochs = withEpoch(this.#epochs, this.#epoch, seq);
    this.#tail.push({ seq, epoch: this.#epoch, time: this.#lastTime, payload });
    this.#schedulePump();
    return seq;
  }

  #onStored(follower: Follower, epoch: number, last: Seq): void {
    if (epoch !== this.#epoch || !follower.promised || follower.restarting) return;
    follower.match = Math.max(follower.match, Math.min(last, follower.next - 1));
    while (follower.inFlight.length > 0 && follower.inFlight[0]!.last <= follower.match) {
      follower.inFlightBytes -= follower.inFlight.shift()!.bytes;
    }
    if (!follower.position.sound && follower.match >= this.#commit && follower.match >= this.#epochStart) {
      follower.position = { ...follower.position, sound: true };
      follower.send({ type: 'restore', log: this.name });
    }
    this.#advanceCommit();
    this.#pump(follower);
  }

  #advanceCommit(): void {
    const matches = [...this.#followers.values()].filter(f => f.promised && !f.restarting).map(f => f.match);
    matches.sort((a, b) => b - a);
    const stored = Math.min(matches[this.#quorum - 1] ?? 0, this.#last);
    if (stored <= this.#commit || stored < this.#epochStart) return;
    const from = this.#commit + 1;
    this.#commit = stored;
    this.#announceCommit(from);
    this.#answerReads();
    this.#tail.shorten(this.#commit);
  }

  #announceCommit(from: Seq): void {
    const proposed = this.#proposals.take(from, this.#commit);
    for (const { zone, send } of this.#followers.values()) {
      send({ type: 'commit', log: this.name, commit: this.#commit, proposed: proposed.get(zone) ?? [] });
    }
  }

  // --- strong reads

  /**
   * The commit position answers for every acknowledged write, because only this sequencer acknowledges. Until an entry
   * of its own epoch is committed it does not know which inherited entries are.
   */
  #onReadIndex(follower: Follower, request: number): void {
    if (this.#waitingReads.length >= WAITING_READS_MAX) return;
    this.#waitingReads.push({ zone: follower.zone, request });
    this.#answerReads();
  }

  #answerReads(): void {
    if (this.#phase !== 'serving' || this.#commit < this.#epochStart) return;
    for (const { zone, request } of this.#waitingReads.splice(0)) {
      this.#followers.get(zone)?.send({ type: 'index', log: this.name, request, seq: this.#commit });
    }
  }
}
