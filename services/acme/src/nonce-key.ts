/**
 * Keeps true that there is a key to seal nonces with. The first zone whose command gets into the ACME log makes it; the
 * commands of the others change nothing.
 */
import { type Clock, type Random, sleep } from '@stormglass/base';
import { LogUnavailable } from '@stormglass/replicated-state';
import type { AcmeReplica } from './deps.ts';

const ATTEMPT_MS = 5000;
const RETRY_MS = 250;
const KEY_BYTES = 32;

export interface NonceKeyOptions {
  readonly replica: AcmeReplica;
  readonly clock: Clock;
  readonly random: Random;
  readonly signal: AbortSignal;
}

/** Resolves when there is a key, or when `signal` is aborted. */
export async function ensureNonceKey({ replica, clock, random, signal }: NonceKeyOptions): Promise<void> {
  while (!signal.aborted && replica.view.nonceKey === undefined) {
    const key = Buffer.from(random.bytes(KEY_BYTES)).toString('base64');
    try {
      await replica.execute({ type: 'AddNonceKey', key }, { deadline: clock.monotonic() + ATTEMPT_MS });
      return;
    } catch (error) {
      if (!(error instanceof LogUnavailable)) throw error;
    }
    await sleep(clock, RETRY_MS, signal).catch(() => {});
  }
}
