/** Validates a challenge, again if need be, and puts what it found into the log. */
import { sleep } from '@stormglass/base';
import type { AcmeOptions } from '../deps.ts';
import type { ChallengeType, Problem } from '../state/records.ts';
import { validateDns } from './dns-01.ts';
import { validateHttp } from './http-01.ts';
import { type Validation, ValidationFailed } from './outcome.ts';

/** Pauses between attempts, in ms: what was put in place a moment ago may not be seen everywhere yet. */
const PAUSES_MS = [500, 1000, 2000] as const;

type Running = AcmeOptions & { readonly signal: AbortSignal };

const VALIDATORS: Readonly<Record<ChallengeType, (validation: Validation, options: Running) => Promise<void>>> = {
  'http-01': validateHttp,
  'dns-01': validateDns,
};

/** Does nothing when there is nothing to validate. @throws LogUnavailable when the outcome could not be written down */
export async function validateAuthorization(id: string, options: AcmeOptions, signal: AbortSignal): Promise<void> {
  const { replica, clock, logger, deadlineMs } = options;
  const authorization = replica.view.authorization(id);
  const account = replica.view.account(authorization?.accountId ?? '');
  const challenge = authorization?.challenges.find(({ status }) => status === 'processing');
  if (authorization?.status !== 'pending' || account === undefined || challenge === undefined) return;
  const { identifier } = authorization;
  const { type, token } = challenge;
  const validation = { identifier, token, keyAuthorization: `${token}.${account.thumbprint}` };
  const problem = await tryOften(type, validation, { ...options, signal });
  logger.info('acme: validated', { challenge: type, name: identifier.value, problem: problem?.detail });
  await replica.execute(
    { type: 'FinishChallenge', authorizationId: id, challenge: type, ...(problem === undefined ? {} : { problem }) },
    { deadline: clock.monotonic() + deadlineMs },
  );
}

/** The problem of the last attempt; undefined when one succeeded. */
async function tryOften(type: ChallengeType, validation: Validation, options: Running): Promise<Problem | undefined> {
  for (let attempt = 0; ; attempt++) {
    try {
      await VALIDATORS[type](validation, options);
      return undefined;
    } catch (error) {
      options.signal.throwIfAborted();
      if (!(error instanceof ValidationFailed)) throw error;
      const pauseMs = PAUSES_MS[attempt];
      if (pauseMs === undefined) return error.problem;
      await sleep(options.clock, pauseMs, options.signal);
    }
  }
}
