/**
 * Keeps true that this region's IAM is what the home region's is: asks home for news, and proposes them to the region's
 * own log. Every zone has one, and each of them could do it alone; those that are not first wait a little before they
 * propose, and find that it is done. It goes on through outages of home, of the region's log, and of single zones.
 */
import { type Clock, errorStory, hexId, type Logger, type Random, sleep } from '@stormglass/base';
import type {
  Confirmation,
  FeedAnswer,
  FeedRequest,
  IamMirror,
  MirrorCommand,
  MirrorResult,
  SnapshotRecord,
} from '@stormglass/identity';
import type { Replica, Snapshot } from '@stormglass/replicated-state';

/** The home region, as a follower sees it. Everything may fail. */
export interface MirrorSource {
  readonly region: string;
  feed(request: FeedRequest, signal: AbortSignal): Promise<FeedAnswer>;
  /** All rows of this region, or of one account. */
  rows(accountId: string | undefined, signal: AbortSignal): Promise<Snapshot>;
  confirm(confirmation: Confirmation, signal: AbortSignal): Promise<void>;
}

export interface MirrorFollowerOptions {
  readonly source: MirrorSource;
  readonly machine: IamMirror;
  readonly replica: Pick<Replica<MirrorCommand, MirrorResult, unknown>, 'execute' | 'upToDate'>;
  /** Which of the region's zones this is, from 0. */
  readonly ordinal: number;
  readonly clock: Clock;
  readonly random: Random;
  readonly logger: Logger;
}

/** How far the mirror is behind, as this zone knows. */
export interface MirrorLag {
  /** So long ago the zone last knew that it had everything, in ms; undefined while it never did. */
  readonly lagMs: number | undefined;
  /** Home's entries that this zone has heard of and does not have. */
  readonly lagEntries: number;
  /** Position in home's log; 0 before there is one. */
  readonly position: number;
}

const POLL_MS = 1000;
/** A zone waits so long for each one before it. */
const STAGGER_MS = 400;
const EXECUTE_MS = 5000;
const CATCH_UP_MS = 1000;
const BACKOFF_MS = { first: 100, most: 5000 };
/** The position moves on without news when it is so far behind, so that home need not remember what does not matter. */
const IDLE_ENTRIES = 200;
/** Rows of one part of an installation, in characters of JSON. */
const PART_CHARS = 128 * 1024;
const INSTALL_ID_BYTES = 8;

export class MirrorFollower {
  readonly #options: MirrorFollowerOptions;
  readonly #stopping = new AbortController();
  readonly #running: Promise<void>;
  #hasCaughtUp = false;
  #currentAt: number | undefined;
  /** How far home was when it last answered. */
  #heard = 0;
  /** Up to here there is nothing for this region behind the mirror's position. */
  #idleUpTo = 0;

  constructor(options: MirrorFollowerOptions) {
    this.#options = options;
    this.#running = this.#run();
  }

  get lag(): MirrorLag {
    const { machine, clock } = this.#options;
    const position = machine.position?.seq ?? 0;
    return {
      lagMs: this.#currentAt === undefined ? undefined : clock.monotonic() - this.#currentAt,
      lagEntries: Math.max(0, this.#heard - Math.max(position, this.#idleUpTo)),
      position,
    };
  }

  async close(): Promise<void> {
    this.#stopping.abort();
    await this.#running;
  }

  async #run(): Promise<void> {
    const { clock, random, logger, source } = this.#options;
    const { signal } = this.#stopping;
    let failures = 0;
    while (!signal.aborted) {
      try {
        await this.#turn(signal);
        if (failures > 0) logger.info('mirror: follows again', { source: source.region });
        failures = 0;
      } catch (error) {
        if (signal.aborted) return;
        // Once an outage, not once an attempt.
        if (failures++ === 0) logger.warn('mirror: cannot follow', { source: source.region, error: errorStory(error) });
        const most = Math.min(BACKOFF_MS.most, BACKOFF_MS.first * 2 ** Math.min(failures, 10));
        await sleep(clock, most * (0.5 + random.next() / 2), signal).catch(() => {});
      }
    }
  }

  async #turn(signal: AbortSignal): Promise<void> {
    const { machine, source, replica, clock } = this.#options;
    // Before that it would bring what the region's log has already.
    if (!this.#hasCaughtUp) await replica.upToDate(clock.monotonic() + CATCH_UP_MS);
    this.#hasCaughtUp = true;
    const { position } = machine;
    if (position === undefined) return this.#install(undefined, signal);
    const { logId, seq: after } = position;
    const answer = await source.feed({ logId, after, waitMs: POLL_MS }, signal);
    if (answer.kind === 'behind') return this.#install(undefined, signal);
    const answeredAt = clock.monotonic();
    this.#heard = answer.applied;
    if (answer.entries.length > 0 || answer.upTo >= after + IDLE_ENTRIES) await this.#bring(after, answer, signal);
    else this.#idleUpTo = answer.upTo;
    const needed = answer.entries.at(-1)?.seq ?? after;
    const isAll = answer.upTo === answer.applied && (machine.position?.seq ?? 0) >= needed;
    if (isAll) this.#currentAt = answeredAt;
    await this.#settle(signal);
  }

  async #bring(after: number, answer: FeedAnswer & { kind: 'entries' }, signal: AbortSignal): Promise<void> {
    const { machine } = this.#options;
    const { logId, upTo, entries } = answer;
    if (await this.#isMyTurn(() => machine.position?.seq === after, signal))
      await this.#execute({ type: 'MirrorEntries', logId, after, upTo, entries });
  }

  /** Brings in what accounts opted in for, and tells home what has come true. */
  async #settle(signal: AbortSignal): Promise<void> {
    const { machine, source } = this.#options;
    for (const accountId of machine.missing()) await this.#install(accountId, signal);
    for (const { accountId, changeId } of machine.done()) await source.confirm({ accountId, changeId }, signal);
  }

  /** Fetches all rows, or an account's, and brings them in, part by part. */
  async #install(accountId: string | undefined, signal: AbortSignal): Promise<void> {
    const { machine, source, random, logger } = this.#options;
    const before = machine.position;
    const isNeeded = () =>
      accountId === undefined ? machine.position === before : machine.missing().includes(accountId);
    if (!(await this.#isMyTurn(isNeeded, signal))) return;
    const { header, records } = await source.rows(accountId, signal);
    const { logId, seq: at } = header;
    const installId = hexId(random, INSTALL_ID_BYTES);
    const about = { type: 'InstallPart', installId, logId, at, accountId: accountId ?? null } as const;
    let index = 0;
    for (const [part, isLast] of inParts(records as Iterable<SnapshotRecord>)) {
      const { outcome } = await this.#execute({ ...about, index: index++, isLast, records: part });
      if (outcome === 'taken') continue;
      // Another zone may be at it; if not, this one begins anew after a pause.
      if (isNeeded()) throw new Error(`the installation was ${outcome}`);
      return;
    }
    logger.info('mirror: rows of home installed', { source: source.region, accountId: accountId ?? '*', at });
  }

  /** Waits for the zones before this one to do it; false when it has been done. */
  async #isMyTurn(isNeeded: () => boolean, signal: AbortSignal): Promise<boolean> {
    const { ordinal, clock } = this.#options;
    if (ordinal > 0) await sleep(clock, ordinal * STAGGER_MS, signal);
    return isNeeded();
  }

  #execute(command: MirrorCommand): Promise<MirrorResult> {
    const { replica, clock } = this.#options;
    return replica.execute(command, { deadline: clock.monotonic() + EXECUTE_MS });
  }
}

/** Records in parts of bounded size, at least one, and whether each is the last. */
function* inParts(records: Iterable<SnapshotRecord>): Generator<[records: SnapshotRecord[], isLast: boolean]> {
  let part: SnapshotRecord[] = [];
  let chars = 0;
  for (const record of records) {
    const size = JSON.stringify(record).length;
    if (part.length > 0 && chars + size > PART_CHARS) {
      yield [part, false];
      part = [];
      chars = 0;
    }
    part.push(record);
    chars += size;
  }
  yield [part, true];
}
