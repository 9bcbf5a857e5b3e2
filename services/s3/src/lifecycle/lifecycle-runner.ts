/**
 * Keeps true: what a lifecycle rule says has ended is gone. Every zone looks through its own copy of the index now and
 * then, at moments of its own; what it finds goes through the log, guarded, so that two zones that find the same do no
 * harm, and a lost zone none either.
 */
import { type Clock, errorStory, type Logger, type Random, sleep } from '@stormglass/base';
import type { Bucket, Expiry, ObjectCommand, ObjectIndexView, ObjectResult } from '@stormglass/object-index';
import type { Replica } from '@stormglass/replicated-state';
import { uploadDue } from './due.ts';
import { type LifecycleRule, lifecycleRules } from './rules.ts';
import { LifecycleWalk, type WalkOptions } from './walk.ts';

export interface LifecycleRunnerOptions {
  readonly replica: Pick<Replica<ObjectCommand, ObjectResult, ObjectIndexView>, 'execute' | 'upToDate' | 'view'>;
  readonly clock: Clock;
  readonly random: Random;
  readonly logger: Logger;
  /** How long the days of rules are. */
  readonly dayMs: number;
  readonly newVersionId: () => string;
}

/** A command may hold as many keys of full length in every engine. */
const EXPIRIES_AT_ONCE = 200;
const ROWS_AT_ONCE = 500;
const BUCKETS_AT_ONCE = 100;
const DEADLINE_MS = 10_000;
const PASSES_A_DAY = 24;
const PASS_MS_MIN = 1000;

export class LifecycleRunner {
  readonly #options: LifecycleRunnerOptions;
  readonly #stopping = new AbortController();
  #running: Promise<void> | undefined;

  constructor(options: LifecycleRunnerOptions) {
    this.#options = options;
  }

  /** Begins to look; the first pass comes within an hour of a day of the rules. */
  start(): void {
    this.#running ??= this.#run();
  }

  async stop(): Promise<void> {
    this.#stopping.abort();
    await this.#running;
  }

  /**
   * Looks through all buckets once, and returns how many expiries were carried out.
   * @throws LogUnavailable when they could not be; another pass finds them again
   */
  async pass(): Promise<number> {
    const { replica, clock } = this.#options;
    await replica.upToDate(clock.monotonic() + DEADLINE_MS);
    let done = 0;
    for (let after = ''; ; ) {
      const buckets = replica.view.buckets({ after, limit: BUCKETS_AT_ONCE });
      for (const bucket of buckets) done += await this.#passBucket(bucket);
      const last = buckets.at(-1);
      if (buckets.length < BUCKETS_AT_ONCE || last === undefined) return done;
      after = last.name;
    }
  }

  async #run(): Promise<void> {
    const { clock, random, logger, dayMs } = this.#options;
    const { signal } = this.#stopping;
    const passMs = Math.max(PASS_MS_MIN, dayMs / PASSES_A_DAY);
    // What a pass waits for in the log ends with the replica, behind this.
    const stopped = new Promise<never>((_resolve, reject) =>
      signal.addEventListener('abort', () => reject(signal.reason)),
    );
    stopped.catch(() => {});
    while (!signal.aborted) {
      try {
        await sleep(clock, passMs * (0.5 + random.next()), signal);
        const done = await Promise.race([this.pass(), stopped]);
        if (done > 0) logger.info('lifecycle rules were carried out', { objects: done });
      } catch (error) {
        if (!signal.aborted) logger.info('lifecycle rules wait for another time', { error: errorStory(error) });
      }
    }
  }

  async #passBucket(bucket: Bucket): Promise<number> {
    const rules = lifecycleRules(bucket.config.lifecycle);
    let done = 0;
    for (const prefix of prefixesOf(rules.filter(isAboutVersions))) {
      for await (const expiries of batches(this.#dueVersions(bucket, rules, prefix))) {
        done += await this.#expire(bucket, expiries);
      }
    }
    for (const prefix of prefixesOf(rules.filter(rule => rule.abortDays !== undefined))) {
      for await (const expiries of batches(this.#dueUploads(bucket, rules, prefix))) {
        done += await this.#expire(bucket, expiries);
      }
    }
    return done;
  }

  async *#dueVersions(bucket: Bucket, rules: readonly LifecycleRule[], prefix: string): AsyncIterable<Expiry> {
    const { replica, clock, dayMs, newVersionId } = this.#options;
    const options: WalkOptions = { rules, dayMs, newVersionId, now: clock.now() };
    const walk = new LifecycleWalk(options);
    for (let after: ReturnType<ObjectIndexView['listVersions']>['next']; ; ) {
      const page = replica.view.listVersions(bucket.name, { prefix, limit: ROWS_AT_ONCE, ...(after && { after }) });
      for (const version of page.items) yield* walk.next(version);
      after = page.next;
      if (after === undefined) break;
      await this.#breathe();
    }
    yield* walk.end();
  }

  async *#dueUploads(bucket: Bucket, rules: readonly LifecycleRule[], prefix: string): AsyncIterable<Expiry> {
    const { replica, clock, dayMs } = this.#options;
    const now = clock.now();
    for (let after: ReturnType<ObjectIndexView['uploads']>['next']; ; ) {
      const page = replica.view.uploads(bucket.name, { prefix, limit: ROWS_AT_ONCE, ...(after && { after }) });
      for (const upload of page.items) {
        const due = uploadDue(rules, upload, dayMs);
        if (due !== undefined && due.at <= now) yield { what: 'upload', key: upload.key, uploadId: upload.id };
      }
      after = page.next;
      if (after === undefined) return;
      await this.#breathe();
    }
  }

  async #expire(bucket: Bucket, expiries: readonly Expiry[]): Promise<number> {
    const { replica, clock } = this.#options;
    const deadline = clock.monotonic() + DEADLINE_MS;
    const result = await replica.execute({ type: 'ExpireObjects', bucket: bucket.name, expiries }, { deadline });
    // A bucket that was deleted meanwhile has nothing left to expire.
    return result.ok ? (result.value as number) : 0;
  }

  /** Lets calls be answered between two pages. */
  #breathe(): Promise<void> {
    this.#stopping.signal.throwIfAborted();
    return new Promise(resolve => this.#options.clock.soon(resolve));
  }
}

const isAboutVersions = ({ expiration, removesLoneMarkers, noncurrent }: LifecycleRule): boolean =>
  expiration !== undefined || removesLoneMarkers || noncurrent !== undefined;

/** The prefixes to look through so that each rule's keys are seen, and none twice. */
export const prefixesOf = (rules: readonly LifecycleRule[]): readonly string[] => {
  const all = [...new Set(rules.map(({ filter }) => filter.prefix))];
  return all.filter(prefix => !all.some(other => other !== prefix && prefix.startsWith(other)));
};

async function* batches(expiries: AsyncIterable<Expiry>): AsyncIterable<readonly Expiry[]> {
  let batch: Expiry[] = [];
  for await (const expiry of expiries) {
    batch.push(expiry);
    if (batch.length < EXPIRIES_AT_ONCE) continue;
    yield batch;
    batch = [];
  }
  if (batch.length > 0) yield batch;
}
