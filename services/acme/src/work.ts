/**
 * Keeps true that what clients are waiting for goes on: challenges are validated, certificates issued. The zone that
 * took the request begins at once. Every zone looks over everything that is open, and takes over what has been open for
 * longer than it should: whoever began it may be gone. Both kinds of work do no harm when two zones do them.
 */
import { type Clock, errorStory, type Logger, sleep } from '@stormglass/base';
import type { AcmeOptions } from './deps.ts';
import { issueOrder } from './issuing.ts';
import { validateAuthorization } from './validation/validate.ts';

const LOOK_EVERY_MS = 1000;
/** By this zone's own clock, since it first saw it open. */
const TAKE_OVER_AFTER_MS = 10_000;
const AT_ONCE_MAX = 32;

export class AcmeWork {
  readonly #options: AcmeOptions;
  readonly #stop = new AbortController();
  readonly #underWay = new Map<string, Promise<void>>();
  readonly #seenOpenAt = new Map<string, number>();
  readonly #looking: Promise<void>;

  constructor(options: AcmeOptions) {
    this.#options = options;
    this.#looking = this.#look();
  }

  /** Begins to validate what the client says is ready; resolves when it is decided. */
  validate = (authorizationId: string): Promise<void> =>
    this.#begin(`authorization ${authorizationId}`, signal =>
      validateAuthorization(authorizationId, this.#options, signal),
    );

  /** Begins to issue an order's certificate; resolves when it is issued, or cannot be now. */
  issue = (orderId: string): Promise<void> =>
    this.#begin(`order ${orderId}`, signal => issueOrder(orderId, this.#options, signal));

  async close(): Promise<void> {
    this.#stop.abort();
    await this.#looking;
    await Promise.all(this.#underWay.values());
  }

  #begin(what: string, work: (signal: AbortSignal) => Promise<void>): Promise<void> {
    const known = this.#underWay.get(what);
    if (known !== undefined) return known;
    // What finds no place now is found open later.
    if (this.#underWay.size >= AT_ONCE_MAX || this.#stop.signal.aborted) return Promise.resolve();
    const { logger } = this.#options;
    const working = work(this.#stop.signal)
      .catch(error => this.#stop.signal.aborted || tell(logger, what, error))
      .then(() => {
        this.#underWay.delete(what);
      });
    this.#underWay.set(what, working);
    return working;
  }

  async #look(): Promise<void> {
    const { clock, replica } = this.#options;
    while (await waited(clock, LOOK_EVERY_MS, this.#stop.signal)) {
      const { issuing, validating } = replica.view;
      const open = new Map<string, () => Promise<void>>([
        ...issuing.map(id => [`order ${id}`, () => this.issue(id)] as const),
        ...validating.map(id => [`authorization ${id}`, () => this.validate(id)] as const),
      ]);
      for (const what of this.#seenOpenAt.keys()) if (!open.has(what)) this.#seenOpenAt.delete(what);
      for (const [what, begin] of open) {
        const since = this.#seenOpenAt.get(what) ?? clock.monotonic();
        this.#seenOpenAt.set(what, since);
        if (clock.monotonic() - since >= TAKE_OVER_AFTER_MS) void begin();
      }
    }
  }
}

/** True after the time, false when it is to end. */
const waited = (clock: Clock, ms: number, signal: AbortSignal): Promise<boolean> =>
  sleep(clock, ms, signal).then(
    () => true,
    () => false,
  );

const tell = (logger: Logger, what: string, error: unknown): void =>
  logger.warn('acme: work goes on later', { what, error: errorStory(error) });
