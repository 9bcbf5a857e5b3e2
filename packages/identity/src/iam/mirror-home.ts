/**
 * The home region's side of the mirror, in one of its zones: answers the followers of other regions from the zone's own
 * copy of the state. What a region may have follows from its name, which is that of its certificate.
 */
import type { Clock } from '@stormglass/base';
import { LogUnavailable, type Replica, type Seq, type Snapshot } from '@stormglass/replicated-state';
import type { IamCommand } from './commands.ts';
import type { MirrorEntry, MirrorFeed } from './mirror-feed.ts';
import { accountOf, lineOf, rowsFor } from './mirror-scope.ts';
import type { IamResult } from './result.ts';
import type { IamState } from './state.ts';
import type { IamView } from './view.ts';

/** Where a follower's region stands, and how long it will wait for news. */
export interface FeedRequest {
  readonly logId: string;
  readonly after: Seq;
  readonly waitMs: number;
}

/**
 * `entries`: what happened behind `after`, up to and including `upTo`, maybe nothing; `applied`: how far home's log is
 * here, so that the asker knows whether there is more. `behind`: that is not known any
 * more, or belongs to another log; all rows must be fetched.
 */
export type FeedAnswer =
  | {
      readonly kind: 'entries';
      readonly logId: string;
      readonly upTo: Seq;
      readonly applied: Seq;
      readonly entries: readonly MirrorEntry[];
    }
  | { readonly kind: 'behind' };

/** An account's change that has come true in a region. */
export interface Confirmation {
  readonly accountId: string;
  readonly changeId: string;
}

export interface MirrorHomeOptions {
  readonly feed: MirrorFeed;
  readonly machine: IamState;
  readonly replica: Pick<
    Replica<IamCommand, IamResult, IamView>,
    'applied' | 'logId' | 'health' | 'execute' | 'upToDate'
  >;
  readonly clock: Clock;
}

/** What an answer carries at most, in characters of JSON, unless a single entry is larger. */
const ANSWER_CHARS = 256 * 1024;
/** An entry above this does not travel in a log entry of every engine; all rows go instead, in parts. */
const ENTRY_CHARS_MAX = 512 * 1024;
const WAIT_MS_MAX = 10_000;
const CONFIRM_MS = 5000;
const CATCH_UP_MS = 1000;

export class MirrorHome {
  readonly #options: MirrorHomeOptions;
  #hasCaughtUp = false;

  constructor(options: MirrorHomeOptions) {
    this.#options = options;
  }

  /**
   * News for `region`, as soon as there are any, or none when it has waited long enough.
   * @throws LogUnavailable while this zone cannot know of news
   */
  async feed(region: string, { logId, after, waitMs }: FeedRequest): Promise<FeedAnswer> {
    const { replica, clock } = this.#options;
    await this.#caughtUp();
    const until = clock.monotonic() + Math.min(Math.max(0, waitMs), WAIT_MS_MAX);
    for (;;) {
      if (replica.health().state === 'no-quorum') throw new LogUnavailable('not-applied', 'this zone hears no news');
      const answer = this.#answer(region, logId, after);
      const leftMs = until - clock.monotonic();
      if (answer.kind === 'behind' || answer.entries.length > 0 || leftMs <= 0) return answer;
      await this.#news(leftMs);
    }
  }

  /**
   * All rows of `region`, or of one account that it is to have, as of now.
   * @throws LogUnavailable while this zone has not caught up
   */
  async rows(region: string, accountId: string | undefined): Promise<Snapshot> {
    const { machine, replica } = this.#options;
    await this.#caughtUp();
    const { name, format, view } = machine;
    const isWanted = rowsFor(region, view);
    const lines = machine.snapshot();
    return {
      header: { machine: name, format, logId: replica.logId, seq: replica.applied, now: 0, hash: 0 },
      records: {
        *[Symbol.iterator]() {
          for (const line of lines)
            if (isWanted(line) && (accountId === undefined || accountOf(line) === accountId)) yield line;
        },
      },
    };
  }

  /**
   * Takes note that `region` holds the account, or has let go of it.
   * @throws LogUnavailable
   */
  async confirm(region: string, { accountId, changeId }: Confirmation): Promise<void> {
    const { replica, clock } = this.#options;
    const command = { type: 'ConfirmRegion', accountId, region, changeId } as const;
    await replica.execute(command, { deadline: clock.monotonic() + CONFIRM_MS });
  }

  /** A zone that has just started may know an older log, or nothing: a mirror must not begin anew with that. */
  async #caughtUp(): Promise<void> {
    const { replica, clock } = this.#options;
    if (!this.#hasCaughtUp) await replica.upToDate(clock.monotonic() + CATCH_UP_MS);
    this.#hasCaughtUp = true;
  }

  #answer(region: string, logId: string, after: Seq): FeedAnswer {
    const { replica, feed, machine } = this.#options;
    const { applied } = replica;
    if (logId !== replica.logId) return { kind: 'behind' };
    const all = feed.since(after, applied);
    if (all === undefined) return { kind: 'behind' };
    const isWanted = rowsFor(region, machine.view);
    const entries: MirrorEntry[] = [];
    let chars = 0;
    for (const entry of all) {
      const changes = entry.changes.filter(change => isWanted(lineOf(change)));
      if (changes.length === 0) continue;
      const size = JSON.stringify(changes).length;
      if (size > ENTRY_CHARS_MAX) return { kind: 'behind' };
      if (chars + size > ANSWER_CHARS && entries.length > 0)
        return { kind: 'entries', logId, upTo: entries.at(-1)!.seq, applied, entries };
      entries.push({ ...entry, changes });
      chars += size;
    }
    return { kind: 'entries', logId, upTo: Math.max(applied, after), applied, entries };
  }

  async #news(withinMs: number): Promise<void> {
    const { feed, clock } = this.#options;
    const { promise, resolve } = Promise.withResolvers<void>();
    const cancels = [feed.onNext(resolve), clock.after(withinMs, resolve)];
    await promise;
    for (const cancel of cancels) cancel();
  }
}
