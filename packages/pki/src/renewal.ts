/**
 * Keeps an identity supplied with a certificate: takes the stored one at start, renews at two thirds of its life, and
 * keeps trying while the authority is away. As long as that is shorter than the last third, nothing notices.
 */
import { type Cancel, type Clock, errorStory, type Logger, type Random } from '@stormglass/base';
import type { Credential, TlsIdentity } from './tls-identity.ts';

/** Where a credential outlives its process. */
export interface CredentialStore {
  load(): Credential | undefined;
  save(credential: Credential): void;
}

export interface RenewalOptions {
  readonly identity: TlsIdentity;
  /** Makes a key and has it certified; rejects when that cannot be had now. */
  readonly obtain: () => Promise<Credential>;
  readonly store: CredentialStore;
  readonly clock: Clock;
  readonly random: Random;
  readonly logger: Logger;
  /** Which certificate this is, for the log. */
  readonly name: string;
}

const RETRY_FIRST_MS = 50;
/** A host without a valid certificate does nothing more urgent than trying to get one. */
const RETRY_URGENT_MAX_MS = 1000;
const RETRY_MAX_MS = 30_000;
/** Within the rest of its life a certificate is tried for at least so often. */
const RETRIES_IN_REST = 20;
/** Renewals are brought forward by up to this share of what is left, so that hosts do not all come at once. */
const JITTER = 0.1;
const TIMER_MAX_MS = 2 ** 31 - 1;

export class Renewal {
  readonly #options: RenewalOptions;
  #cancel: Cancel | undefined;
  #retryMs = RETRY_FIRST_MS;
  #closed = false;
  #working = false;
  #again = false;
  /** In use, and not stored yet: there was no room. */
  #unsaved: Credential | undefined;

  constructor(options: RenewalOptions) {
    this.#options = options;
    const { store, identity, logger, name } = options;
    try {
      const stored = store.load();
      if (stored !== undefined) identity.install(stored);
    } catch (error) {
      logger.warn('certificate: what is stored cannot be used', { name, error: errorStory(error) });
    }
    this.#schedule(this.#untilDueMs());
  }

  /** Renews within `withinMs`, whatever the age of the certificate. */
  renewSoon(withinMs = 0): void {
    this.#unsaved = undefined;
    this.#schedule(withinMs * this.#options.random.next());
  }

  close(): void {
    this.#closed = true;
    this.#cancel?.();
  }

  #schedule(ms: number): void {
    this.#cancel?.();
    if (this.#closed) return;
    // A longer wait is done in parts; it also notices a clock that was set.
    const partMs = Math.min(ms, TIMER_MAX_MS);
    this.#cancel = this.#options.clock.after(partMs, () =>
      partMs < ms ? this.#schedule(ms - partMs) : void this.#renew(),
    );
  }

  #untilDueMs(): number {
    const { identity, clock, random } = this.#options;
    const { renewAt, state } = identity;
    if (renewAt === undefined || state === 'expired' || state === 'revoked') return 0;
    return Math.max(0, (renewAt - clock.now()) * (1 - JITTER * random.next()));
  }

  async #renew(): Promise<void> {
    if (this.#working) {
      this.#again = true;
      return;
    }
    this.#working = true;
    const { identity, obtain, store, logger, name } = this.#options;
    try {
      // One that only waits to be stored is not asked for again.
      if (this.#unsaved === undefined || this.#untilDueMs() === 0) {
        const credential = await obtain();
        if (this.#closed) return;
        identity.install(credential);
        this.#unsaved = credential;
      }
      store.save(this.#unsaved);
      this.#unsaved = undefined;
      this.#retryMs = RETRY_FIRST_MS;
      logger.info('certificate: renewed', { name, serial: identity.serial, notAfter: identity.notAfter });
      // An authority that hands out certificates that have ended already is not asked in a tight loop.
      this.#schedule(identity.state === 'expired' ? RETRY_URGENT_MAX_MS : this.#untilDueMs());
    } catch (error) {
      const retryMs = Math.min(this.#retryMs, this.#retryMaxMs());
      this.#retryMs = retryMs * 2;
      const level = identity.state === 'none' ? 'debug' : 'warn';
      logger[level]('certificate: cannot be renewed now', {
        name,
        state: identity.state,
        retryMs,
        error: errorStory(error),
      });
      this.#schedule(retryMs);
    } finally {
      this.#working = false;
      if (this.#again) {
        this.#again = false;
        this.#schedule(0);
      }
    }
  }

  #retryMaxMs(): number {
    const { identity, clock } = this.#options;
    const restMs = (identity.notAfter ?? 0) - clock.now();
    if (restMs <= 0 || identity.state === 'revoked') return RETRY_URGENT_MAX_MS;
    return Math.max(RETRY_FIRST_MS, Math.min(RETRY_MAX_MS, restMs / RETRIES_IN_REST));
  }
}
