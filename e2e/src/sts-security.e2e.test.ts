/**
 * Attacks on sessions of a real region, with the AWS CLI: each refused with AWS's code, by every zone. Time that has to
 * pass passes in `services/sts/src/sts-security.test.ts`; here a session that has ended is sealed with the region's key.
 */
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { aws, printedBy } from './clients/aws-command.ts';
import {
  type Environment,
  environmentOf,
  type TemporaryCredentials,
  withCredentials,
} from './clients/client-process.ts';
import { expiredSession } from './clients/expired-session.ts';
import { defects } from './region-logs.ts';
import { RegionUnderTest } from './region-under-test.ts';

const ACCOUNT = '000000000000';
const DEPUTY = '210987654321';
const arnOf = (role: string) => `arn:aws:iam::${ACCOUNT}:role/${role}`;

let region: RegionUnderTest;
let env: Environment;
let victim: TemporaryCredentials;

beforeAll(async () => {
  region = await RegionUnderTest.start();
  env = await environmentOf(region);
  await role('worker', ACCOUNT);
  await ok('iam', 'put-role-policy', '--role-name', 'worker', '--policy-name', 'all', '--policy-document', may('*'));
  victim = await session(env, 'worker');
});
afterAll(() => region?.close());

const statement = (...Statement: object[]) => JSON.stringify({ Version: '2012-10-17', Statement });
const may = (Action: string) => statement({ Effect: 'Allow', Action, Resource: '*' });

const ok = (...args: string[]) => printedBy(env, ...args);

const role = (name: string, AWS: string, more: object = {}) =>
  ok('iam', 'create-role', '--role-name', name, '--assume-role-policy-document', trust(AWS, more));
const trust = (AWS: string, more: object) =>
  statement({ Effect: 'Allow', Principal: { AWS }, Action: 'sts:AssumeRole', ...more });

const assume = (name: string, ...more: string[]) => [
  ...['sts', 'assume-role', '--role-arn', arnOf(name), '--role-session-name', 's1'],
  ...more,
];

async function session(as: Environment, name: string): Promise<TemporaryCredentials> {
  const { stdout, stderr } = await aws(as, ...assume(name));
  expect(stderr).toBe('');
  return (JSON.parse(stdout) as { Credentials: TemporaryCredentials }).Credentials;
}

const WHO = ['sts', 'get-caller-identity'];

/** The code of the error that the CLI reports. */
async function refused(credentials: TemporaryCredentials | Environment, ...args: string[]): Promise<string> {
  const as = 'AccessKeyId' in credentials ? withCredentials(env, credentials as TemporaryCredentials) : credentials;
  const { code, stderr } = await aws(as as Environment, ...args);
  expect(code, stderr).toBe(255);
  return /\((\w+)\)/.exec(stderr)?.[1] ?? stderr;
}

describe('a token', () => {
  it('is refused with a bit changed in any of its parts', async () => {
    const bytes = Buffer.from(victim.SessionToken, 'base64');
    // Version, key, flags, nonce, claims, seal.
    for (const at of [0, 2, 5, 10, 30, bytes.length - 1]) {
      const changed = Buffer.from(bytes);
      changed[at]! ^= 1;
      const forged = { ...victim, SessionToken: changed.toString('base64') };
      expect(await refused(forged, ...WHO), `byte ${at}`).toBe('InvalidClientTokenId');
    }
  });

  it('is refused beside another access key, with another secret, and when it has expired', async () => {
    const other = await session(env, 'worker');
    expect(await refused({ ...victim, SessionToken: other.SessionToken }, ...WHO)).toBe('InvalidClientTokenId');
    expect(await refused({ ...victim, SecretAccessKey: other.SecretAccessKey }, ...WHO)).toBe('SignatureDoesNotMatch');
    expect(await refused(expiredSession(region.folder, victim.SessionToken), ...WHO)).toBe('ExpiredToken');
  });
});

describe('a confused deputy', () => {
  it('gets no further than roles that ask for no external id', async () => {
    const Condition = { StringEquals: { 'sts:ExternalId': 'customer-1' } };
    await role('careless', DEPUTY);
    await role('careful', DEPUTY, { Condition });
    const deputy = { ...env, AWS_ACCESS_KEY_ID: DEPUTY, AWS_SECRET_ACCESS_KEY: 'test' };
    expect((await aws(deputy, ...assume('careless', '--external-id', 'attacker'))).code).toBe(0);
    expect(await refused(deputy, ...assume('careful', '--external-id', 'attacker'))).toBe('AccessDenied');
    expect(await refused(deputy, ...assume('careful'))).toBe('AccessDenied');
    expect((await aws(deputy, ...assume('careful', '--external-id', 'customer-1'))).code).toBe(0);
  });
});

describe('credentials that were meant for less', () => {
  it('of GetSessionToken and GetFederationToken open neither IAM nor other sessions', async () => {
    const own = JSON.parse((await aws(env, 'sts', 'get-session-token')).stdout).Credentials as TemporaryCredentials;
    const federate = ['sts', 'get-federation-token', '--name', 'guest', '--policy', may('*')];
    const guest = JSON.parse((await aws(env, ...federate)).stdout).Credentials as TemporaryCredentials;
    expect(await refused(own, 'iam', 'list-users')).toBe('InvalidClientTokenId');
    expect(await refused(guest, 'iam', 'list-users')).toBe('InvalidClientTokenId');
    expect(await refused(own, ...federate)).toBe('AccessDenied');
    expect(await refused(guest, ...assume('worker'))).toBe('AccessDenied');
    const who = await aws(withCredentials(env, guest), ...WHO);
    expect(JSON.parse(who.stdout).Arn).toBe(`arn:aws:sts::${ACCOUNT}:federated-user/guest`);
  });
});

describe('a session that was stolen', () => {
  const list = ['iam', 'list-users'];

  it('ends for all older ones when they are revoked', async () => {
    await aws(withCredentials(env, victim), ...list);
    const revoked = { DateLessThan: { 'aws:TokenIssueTime': new Date(Date.now() + 1000).toISOString() } };
    const deny = statement({ Effect: 'Deny', Action: ['*'], Resource: ['*'], Condition: revoked });
    const put = ['put-role-policy', '--role-name', 'worker', '--policy-name', 'AWSRevokeOlderSessions'];
    await ok('iam', ...put, '--policy-document', deny);
    expect(await refused(victim, ...list)).toBe('AccessDenied');
    expect(await refused(victim, ...assume('worker'))).toBe('AccessDenied');
    await expect
      .poll(async () => (await aws(withCredentials(env, await session(env, 'worker')), ...list)).code, {
        timeout: 30_000,
      })
      .toBe(0);
  });

  it('ends with its role, and the role made anew is another', async () => {
    for (const name of ['all', 'AWSRevokeOlderSessions'])
      await ok('iam', 'delete-role-policy', '--role-name', 'worker', '--policy-name', name);
    await ok('iam', 'delete-role', '--role-name', 'worker');
    await role('worker', ACCOUNT);
    expect(await refused(victim, ...WHO)).toBe('InvalidClientTokenId');
    expect((await aws(withCredentials(env, await session(env, 'worker')), ...WHO)).code).toBe(0);
  });
});

it('nothing went wrong unseen', () => {
  expect(defects(region.folder)).toEqual([]);
});
