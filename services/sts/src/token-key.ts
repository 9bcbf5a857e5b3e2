/**
 * Keeps true that there is a key to seal session tokens with. The first zone whose command gets into the IAM log makes
 * it; the commands of the others change nothing. The key stays; rotating it is the operator's decision.
 */
import { type Clock, hexId, type Random, sleep } from '@stormglass/base';
import type { IamCommand, IamResult, IamView, TokenKeyRecord } from '@stormglass/identity';
import { LogUnavailable, type Replica } from '@stormglass/replicated-state';
import type { StsDeps } from './deps.ts';
import { noTokenKey } from './errors.ts';

export interface TokenKeyOptions {
  readonly replica: Replica<IamCommand, IamResult, IamView>;
  readonly clock: Clock;
  readonly random: Random;
  readonly signal: AbortSignal;
}

const ATTEMPT_MS = 5000;
const RETRY_MS = 250;
const KEY_ID_BYTES = 4;
const KEY_BYTES = 32;

/** Resolves when there is a key, or when `signal` is aborted. */
export async function ensureTokenKey({ replica, clock, random, signal }: TokenKeyOptions): Promise<void> {
  while (!signal.aborted && replica.view.tokenKeys().length === 0) {
    const key = Buffer.from(random.bytes(KEY_BYTES)).toString('base64');
    const command = { type: 'AddTokenKey', keyId: hexId(random, KEY_ID_BYTES), key, after: null } as const;
    try {
      // Refused only by a zone that does not know the command yet.
      if ((await replica.execute(command, { deadline: clock.monotonic() + ATTEMPT_MS })).ok) return;
    } catch (error) {
      if (!(error instanceof LogUnavailable)) throw error;
    }
    await sleep(clock, RETRY_MS, signal).catch(() => {});
  }
}

const POLL_MS = 20;

/**
 * The sealing keys, newest first; waits for the first one.
 * @throws AwsError when there is none by `deadline` (monotonic ms)
 */
export async function whenTokenKey({ iam, clock }: StsDeps, deadline: number): Promise<readonly TokenKeyRecord[]> {
  for (;;) {
    const keys = iam.view.tokenKeys();
    if (keys.length > 0) return keys;
    if (clock.monotonic() + POLL_MS > deadline) throw noTokenKey();
    await sleep(clock, POLL_MS);
  }
}
