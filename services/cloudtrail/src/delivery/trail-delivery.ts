/**
 * Keeps true: what trails deliver is in their buckets. Every zone looks now and then what is due; the log decides which of
 * them delivers a file (`state/delivery.ts`). When that zone dies, another one delivers the same file under the same name.
 */
import { type Clock, errorStory, type Logger, sleep } from '@stormglass/base';
import type { CloudTrailReplica } from '../deps.ts';
import { LEASE_MS } from '../state/delivery.ts';
import type { StoredEvent } from '../state/event-table.ts';
import type { Delivery, PendingFile, Trail } from '../state/trail.ts';
import { cut, isDelivered, keyOf, logFile } from './log-file.ts';
import type { DeliverLog } from './trail-buckets.ts';

export interface TrailDeliveryOptions {
  readonly replica: Pick<CloudTrailReplica, 'execute' | 'view'>;
  readonly deliver: DeliverLog;
  readonly zone: string;
  /** Which of its region's zones it is, from 0: each waits a little longer than those before it. */
  readonly ordinal: number;
  /** How often a trail delivers; five minutes unless said, as AWS does on average. */
  readonly intervalMs?: number | undefined;
  readonly clock: Clock;
  readonly logger: Logger;
}

const INTERVAL_MS = 5 * 60_000;
const DEADLINE_MS = 10_000;
/** Zones look so often in an interval, within these bounds. */
const LOOKS = 20;
const LOOK_MS = { min: 250, max: 15_000 };
/** A zone waits so much of an interval longer than the one before it, and no longer than that. */
const LATER_SHARE = 0.1;
const LATER_MS_MAX = 5000;

export class TrailDelivery {
  readonly #options: TrailDeliveryOptions;
  readonly #intervalMs: number;
  readonly #stopping = new AbortController();
  #running: Promise<void> | undefined;

  constructor(options: TrailDeliveryOptions) {
    this.#options = options;
    this.#intervalMs = options.intervalMs ?? INTERVAL_MS;
  }

  start(): void {
    this.#running ??= this.#run();
  }

  async stop(): Promise<void> {
    this.#stopping.abort();
    await this.#running;
  }

  /**
   * Delivers what is due, and returns how many files this zone has put into buckets.
   * @throws LogUnavailable when the log cannot be asked; what is due then is due later
   */
  async pass(): Promise<number> {
    const { view } = this.#options.replica;
    const logging = [...view.everyTrail()].flatMap(trail => (trail.delivery === undefined ? [] : [trail]));
    if (logging.length === 0) return 0;
    const since = Math.min(...logging.map(({ delivery }) => delivery!.after));
    // One look at all events serves every trail.
    const byAccount = Map.groupBy(view.cameAfter(since), ({ index }) => index.account);
    let count = 0;
    for (const trail of logging) {
      if (await this.#deliverNext(trail, trail.delivery!, byAccount.get(trail.accountId) ?? [])) count += 1;
    }
    return count;
  }

  async #run(): Promise<void> {
    const { clock, logger } = this.#options;
    const { signal } = this.#stopping;
    const lookMs = Math.min(LOOK_MS.max, Math.max(LOOK_MS.min, this.#intervalMs / LOOKS));
    // What a pass waits for in the log ends with the replica, behind this.
    const stopped = Promise.withResolvers<never>();
    stopped.promise.catch(() => {});
    signal.addEventListener('abort', () => stopped.reject(signal.reason));
    while (!signal.aborted) {
      try {
        await sleep(clock, lookMs, signal);
        const count = await Promise.race([this.pass(), stopped.promise]);
        if (count > 0) logger.info('log files were delivered', { count });
      } catch (error) {
        if (!signal.aborted) logger.info('log files wait for another time', { error: errorStory(error) });
      }
    }
  }

  async #deliverNext(trail: Trail, delivery: Delivery, events: readonly StoredEvent[]): Promise<boolean> {
    const { zone } = this.#options;
    const waiting = events.filter(event => isDelivered(trail, delivery, event));
    const next = cut(waiting);
    const to = delivery.pending?.to ?? next?.to;
    if (to === undefined || !this.#isDue(delivery, next?.isFull === true)) return false;
    const { after } = delivery;
    const claimed = await this.#execute(trail, { type: 'ClaimDelivery', after, to, by: zone });
    const { pending } = claimed?.delivery ?? {};
    // Another zone was first, or the trail is gone.
    if (claimed === undefined || claimed.delivery?.after !== after || pending?.by !== zone) return false;
    const error = await this.#put(claimed, claimed.delivery, pending, events);
    if (error !== undefined) this.#options.logger.warn('a log file was not taken', { trail: trail.arn, error });
    await this.#execute(trail, { type: 'ReportDelivery', to: pending.to, ...(error !== undefined && { error }) });
    return error === undefined;
  }

  #isDue({ pending, begunAt }: Delivery, isFull: boolean): boolean {
    const { clock, ordinal } = this.#options;
    const later = ordinal * Math.min(LATER_MS_MAX, this.#intervalMs * LATER_SHARE);
    const isBeingDelivered = pending !== undefined && pending.by !== '';
    const waitMs = isBeingDelivered ? LEASE_MS : isFull && pending === undefined ? 0 : this.#intervalMs;
    return clock.now() >= begunAt + waitMs + later;
  }

  /** @param events of the account, those of the file among them */
  async #put(
    trail: Trail,
    delivery: Delivery,
    pending: PendingFile,
    events: readonly StoredEvent[],
  ): Promise<string | undefined> {
    const its = events.filter(event => event.seq <= pending.to && isDelivered(trail, delivery, event));
    // They may have left the state since, with no bucket to go to.
    if (its.length === 0) return undefined;
    const { accountId, arn: trailArn, s3BucketName: bucket } = trail;
    const file = await logFile(its);
    return this.#options.deliver({ bucket, key: keyOf(trail, delivery, pending), accountId, trailArn, file });
  }

  async #execute(
    { accountId, name }: Trail,
    command:
      | { readonly type: 'ClaimDelivery'; readonly after: number; readonly to: number; readonly by: string }
      | { readonly type: 'ReportDelivery'; readonly to: number; readonly error?: string },
  ): Promise<Trail | undefined> {
    const { replica, clock } = this.#options;
    const deadline = clock.monotonic() + DEADLINE_MS;
    const result = await replica.execute({ ...command, accountId, name }, { deadline });
    return result.ok ? result.trail : undefined;
  }
}
