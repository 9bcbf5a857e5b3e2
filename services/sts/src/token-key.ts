/**
 * Keeps true that there is a key to seal session tokens with, and that it gets a successor every day. The first zone
 * whose command gets into the IAM log makes it; the commands of the others change nothing. When a key seals, and how
 * long it opens, is said in `token-key-life.ts` of `packages/identity`.
 */
import { type Clock, hexId, type Random, sleep } from '@stormglass/base';
import {
  type IamCommand,
  type IamResult,
  type IamView,
  successorDueAt,
  type TokenKeyRecord,
} from '@stormglass/identity';
import { LogUnavailable, type Replica } from '@stormglass/replicated-state';
import type { StsDeps } from './deps.ts';
import { noTokenKey } from './errors.ts';

export interface TokenKeyOptions {
  readonly replica: Pick<Replica<IamCommand, IamResult, IamView>, 'view' | 'execute'>;
  readonly clock: Clock;
  readonly random: Random;
  readonly signal: AbortSignal;
}

const ATTEMPT_MS = 5000;
const RETRY_MS = 250;
const KEY_ID_BYTES = 4;
const KEY_BYTES = 32;
/** The wall clock may be set meanwhile. */
const LOOK_MS = 3_600_000;

/** Sees to the keys until `signal` is aborted. */
export async function keepTokenKeys(options: TokenKeyOptions): Promise<void> {
  const { replica, clock, signal } = options;
  await ensureTokenKey(options);
  while (!signal.aborted) {
    const newest = replica.view.tokenKeys()[0];
    const dueInMs = newest === undefined ? 0 : successorDueAt(newest) - clock.now();
    if (dueInMs > 0) await sleep(clock, Math.min(dueInMs, LOOK_MS), signal).catch(() => {});
    else await addTokenKey(options, newest?.id ?? null, () => replica.view.tokenKeys()[0]?.id !== newest?.id);
  }
}

/** Resolves when there is a key, or when `signal` is aborted. */
export async function ensureTokenKey(options: TokenKeyOptions): Promise<void> {
  await addTokenKey(options, null, () => options.replica.view.tokenKeys().length > 0);
}

/** Proposes a key until the log has taken it, or somebody else's. */
async function addTokenKey(
  { replica, clock, random, signal }: TokenKeyOptions,
  after: string | null,
  isThere: () => boolean,
): Promise<void> {
  while (!signal.aborted && !isThere()) {
    const key = Buffer.from(random.bytes(KEY_BYTES)).toString('base64');
    const command = { type: 'AddTokenKey', keyId: hexId(random, KEY_ID_BYTES), key, after } as const;
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
