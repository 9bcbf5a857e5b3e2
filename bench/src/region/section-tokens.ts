/** What a session token costs: sealing one, and verifying one that was never seen before, or again. */
import { seededRandom } from '@stormglass/base';
import { authenticate, IamState, type RoleClaims, sealSession } from '@stormglass/identity';

export interface TokenTimes {
  readonly sealMicros: number;
  readonly coldMicros: number;
  readonly warmMicros: number;
}

const TOKENS = 10_000;
const NOW = 1_800_000_000_000;
const ACCOUNT = '123456789012';
const SESSION_POLICY = JSON.stringify({
  Version: '2012-10-17',
  Statement: [
    { Effect: 'Allow', Action: ['s3:Get*', 's3:List*'], Resource: ['arn:aws:s3:::reports', 'arn:aws:s3:::reports/*'] },
  ],
});

/** Medians over the rounds, in CPU time: the machine may be shared. */
export function measureTokens(rounds: number): TokenTimes {
  const times = Array.from({ length: rounds }, (_, round) => oneRound(round));
  const median = (of: (each: TokenTimes) => number) => times.map(of).sort((a, b) => a - b)[rounds >> 1]!;
  return {
    sealMicros: median(each => each.sealMicros),
    coldMicros: median(each => each.coldMicros),
    warmMicros: median(each => each.warmMicros),
  };
}

function oneRound(seed: number): TokenTimes {
  const random = seededRandom(seed);
  const state = regionWithRole(Buffer.from(random.bytes(32)).toString('base64'));
  const keys = state.view.tokenKeys();
  const claims: RoleClaims = {
    ...{ subject: 'role', accountId: ACCOUNT, roleName: 'worker', roleId: 'AROAWORKER', sessionName: 'bench' },
    ...{ issuedAt: NOW / 1000, expiresAt: NOW / 1000 + 3600, origin: 'us-east-1' },
    // Every other session has a policy and tags.
    ...(seed % 2 === 0 ? {} : { policy: SESSION_POLICY, tags: [{ key: 'team', value: 'blue' }] }),
  };
  const begun = cpuMicros();
  const sealed = Array.from({ length: TOKENS }, () => sealSession(keys, claims, random));
  const sealedAt = cpuMicros();
  const verify = (each: (typeof sealed)[number]) => {
    if (!authenticate(state.view, { ...each, region: 'us-east-1', now: NOW }).ok)
      throw new Error('a token was refused');
  };
  for (const each of sealed) verify(each);
  const coldAt = cpuMicros();
  for (let i = 0; i < TOKENS; i++) verify(sealed[TOKENS - 1]!);
  const micros = (from: number, to: number) => (to - from) / TOKENS;
  return {
    sealMicros: micros(begun, sealedAt),
    coldMicros: micros(sealedAt, coldAt),
    warmMicros: micros(coldAt, cpuMicros()),
  };
}

function cpuMicros(): number {
  const { user, system } = process.cpuUsage();
  return user + system;
}

function regionWithRole(key: string): IamState {
  const state = new IamState();
  const trustPolicy = JSON.stringify({
    Version: '2012-10-17',
    Statement: { Effect: 'Allow', Principal: { AWS: ACCOUNT }, Action: 'sts:AssumeRole' },
  });
  state.apply({ seq: 1, now: NOW }, { type: 'AddTokenKey', keyId: '00000001', key, after: null });
  const about = { accountId: ACCOUNT, roleName: 'worker', roleId: 'AROAWORKER', path: '/', trustPolicy };
  state.apply({ seq: 2, now: NOW }, { type: 'CreateRole', ...about });
  return state;
}
