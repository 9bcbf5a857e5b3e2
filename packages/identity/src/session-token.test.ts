import { seededRandom } from '@stormglass/base';
import { describe, expect, it } from 'vitest';
import { accountOfSessionKey, sessionKeyId } from './access-key-account.ts';
import { openSession, type RoleClaims, sealSession, type TokenKey } from './session-token.ts';

const NOW = 1_700_000_000_000;
const random = seededRandom(11);
const HOUR = 3_600_000;
const key = (id: string, createdAt = NOW - 2 * HOUR): TokenKey => ({
  ...{ id, createdAt },
  key: Buffer.from(random.bytes(32)).toString('base64'),
});
const OLD = key('0000000a', NOW - 26 * HOUR);
const NEW = key('0000000b');

const CLAIMS: RoleClaims = {
  subject: 'role',
  accountId: '123456789012',
  roleName: 'reader',
  roleId: 'AROAREADER',
  sessionName: 's1',
  issuedAt: NOW / 1000,
  expiresAt: NOW / 1000 + 900,
  sourceIdentity: 'bob',
  tags: [{ key: 'team', value: 'blue' }],
  transitiveTagKeys: ['team'],
};

const sealed = sealSession([NEW, OLD], CLAIMS, random);
const INVALID = { ok: false, reason: 'invalid' };

it('opens what it sealed, with the same secret', () => {
  expect(sealed.accessKeyId).toMatch(/^ASIA[A-Z2-7]{16}$/);
  expect(sealed.secretAccessKey).toMatch(/^[A-Za-z0-9+/]{40}$/);
  expect(openSession([NEW], sealed.accessKeyId, sealed.sessionToken, NOW)).toEqual({
    ok: true,
    claims: CLAIMS,
    secretAccessKey: sealed.secretAccessKey,
  });
});

it('opens tokens of older keys, and seals with the newest that is known long enough', () => {
  const before = sealSession([OLD], CLAIMS, random);
  expect(openSession([NEW, OLD], before.accessKeyId, before.sessionToken, NOW).ok).toBe(true);
  expect(openSession([OLD], sealed.accessKeyId, sealed.sessionToken, NOW)).toEqual(INVALID);
  const ahead = key('0000000c', NOW - HOUR + 1);
  const inTime = sealSession([ahead, NEW, OLD], CLAIMS, random);
  expect(openSession([NEW], inTime.accessKeyId, inTime.sessionToken, NOW).ok).toBe(true);
});

it('seals with what there is in a region that is an hour old at most', () => {
  const [second, first] = [key('0000000e', NOW - 1), key('0000000d', NOW - 2)];
  const early = sealSession([second, first], CLAIMS, random);
  expect(openSession([first], early.accessKeyId, early.sessionToken, NOW).ok).toBe(true);
  expect(() => sealSession([], CLAIMS, random)).toThrow(RangeError);
});

it('gives access keys that say whose account they belong to', () => {
  expect(accountOfSessionKey(sealed.accessKeyId)).toBe(CLAIMS.accountId);
  for (const accountId of ['000000000000', '000000000001', '999999999999'])
    expect(accountOfSessionKey(sessionKeyId(random, accountId))).toBe(accountId);
  for (const none of ['AKIAAAAAAAAAAAAAAAAA', 'ASIA', 'ASIA7777777777777777', 'asia']) {
    expect(accountOfSessionKey(none)).toBeUndefined();
  }
});

it('carries a long session policy in a short token', () => {
  const statements = Array.from({ length: 20 }, (_, i) => ({ Effect: 'Allow', Action: `s3:Get${i}`, Resource: '*' }));
  const policy = JSON.stringify({ Version: '2012-10-17', Statement: statements });
  const long = sealSession([NEW], { ...CLAIMS, policy }, random);
  expect(long.sessionToken.length).toBeLessThan(policy.length / 2);
  expect(openSession([NEW], long.accessKeyId, long.sessionToken, NOW)).toMatchObject({ claims: { policy } });
});

describe('refuses', () => {
  it('tokens that expired', () => {
    const expiry = CLAIMS.expiresAt * 1000;
    expect(openSession([NEW], sealed.accessKeyId, sealed.sessionToken, expiry - 1).ok).toBe(true);
    expect(openSession([NEW], sealed.accessKeyId, sealed.sessionToken, expiry)).toEqual({
      ok: false,
      reason: 'expired',
    });
  });

  it('tokens of an unknown key, or of a key that only has the same id', () => {
    expect(openSession([], sealed.accessKeyId, sealed.sessionToken, NOW)).toEqual(INVALID);
    expect(openSession([key(NEW.id)], sealed.accessKeyId, sealed.sessionToken, NOW)).toEqual(INVALID);
  });

  it('tokens moved to another access key', () => {
    expect(openSession([NEW], 'ASIAAAAAAAAAAAAAAAAA', sealed.sessionToken, NOW)).toEqual(INVALID);
  });

  it('tokens with any bit changed', () => {
    const bytes = Buffer.from(sealed.sessionToken, 'base64');
    for (let i = 0; i < bytes.length; i++) {
      const changed = Buffer.from(bytes);
      changed[i]! ^= 1 << (i % 8);
      expect(openSession([NEW, OLD], sealed.accessKeyId, changed.toString('base64'), NOW)).toEqual(INVALID);
    }
  });

  it('truncated tokens of every length', () => {
    for (let length = 0; length < sealed.sessionToken.length - 2; length++) {
      const short = sealed.sessionToken.slice(0, length);
      expect(openSession([NEW], sealed.accessKeyId, short, NOW)).toEqual(INVALID);
    }
  });
});
