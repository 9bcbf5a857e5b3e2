import type { OidcProviderRecord } from '@stormglass/identity';
import { SimClock } from '@stormglass/testing';
import { beforeEach, describe, expect, it } from 'vitest';
import { DISCOVERY, signingKey, testIssuer } from '../testing/test-issuer.ts';
import { IssuerMisbehaves, IssuerUnreachable } from './issuer-fetch.ts';
import { IssuerKeys } from './issuer-keys.ts';
import { type JsonWebToken, parseToken } from './json-web-token.ts';

const URL_TEXT = 'https://login.example.com';
const PROVIDER: OidcProviderRecord = {
  accountId: '123456789012',
  arn: 'arn:aws:iam::123456789012:oidc-provider/login.example.com',
  issuer: URL_TEXT,
  createdAt: 0,
  clientIds: [],
  thumbprints: ['0'.repeat(40)],
  tags: [],
};
const issuer = testIssuer(URL_TEXT);
const published = new Map(issuer.documents);

let clock: SimClock;
let keys: IssuerKeys;
let fetched: string[];
let failure: Error | undefined;
beforeEach(() => {
  clock = new SimClock();
  fetched = [];
  failure = undefined;
  for (const [path, document] of published) issuer.documents.set(path, document);
  keys = new IssuerKeys(async ({ url, thumbprints }) => {
    fetched.push(url.href);
    expect(thumbprints).toEqual(PROVIDER.thumbprints);
    if (failure !== undefined) throw failure;
    const document = issuer.documents.get(url.pathname);
    return typeof document === 'string' ? document : JSON.stringify(document);
  }, clock);
});

const token = (header: Record<string, unknown> = {}): JsonWebToken => parseToken(issuer.token({}, header))!;
const idsFor = async (asked = token()) => (await keys.keysFor(PROVIDER, asked)).map(({ id }) => id);
const passes = (ms: number) => clock.run(clock.monotonic() + ms);
const BOTH = [`${URL_TEXT}${DISCOVERY}`, `${URL_TEXT}/keys`];
const HOUR_MS = 3_600_000;

describe('keys of an issuer', () => {
  it('are fetched once for all who ask at once, and kept for an hour', async () => {
    await Promise.all([idsFor(), idsFor(), idsFor()]);
    expect(await idsFor()).toEqual(['rsa-1']);
    expect(fetched).toEqual(BOTH);
    await passes(HOUR_MS - 1);
    await idsFor();
    expect(fetched).toEqual(BOTH);
    await passes(1);
    await idsFor();
    expect(fetched).toEqual([...BOTH, ...BOTH]);
  });

  it('are fetched again for a key that is new, twice a minute at most', async () => {
    await idsFor();
    issuer.documents.set('/keys', { keys: [signingKey('rsa-2').jwk] });
    await expect(idsFor(token({ kid: 'rsa-2' }))).rejects.toBeInstanceOf(IssuerMisbehaves);
    expect(fetched).toEqual(BOTH);
    await passes(30_000);
    expect(await idsFor(token({ kid: 'rsa-2' }))).toEqual(['rsa-2']);
    for (let i = 0; i < 5; i++)
      await expect(idsFor(token({ kid: `made-up-${i}` }))).rejects.toBeInstanceOf(IssuerMisbehaves);
    expect(fetched).toEqual([...BOTH, ...BOTH]);
  });

  it('go on counting for a day while the issuer cannot be reached', async () => {
    await idsFor();
    failure = new IssuerUnreachable('down');
    await passes(23 * HOUR_MS);
    expect(await idsFor()).toEqual(['rsa-1']);
    await expect(idsFor(token({ kid: 'new' }))).rejects.toBe(failure);
    await passes(HOUR_MS);
    await expect(idsFor()).rejects.toBe(failure);
    const attempts = fetched.length;
    await expect(idsFor()).rejects.toBe(failure);
    expect(fetched.length).toBe(attempts);
    failure = undefined;
    await passes(2000);
    expect(await idsFor()).toEqual(['rsa-1']);
  });

  it('need not be named by a token that has no key id', async () => {
    expect(await idsFor(token({ kid: undefined }))).toEqual(['rsa-1']);
    expect(await idsFor(token({ kid: undefined, alg: 'ES256' }))).toEqual(['p256-1']);
  });

  it('are left out when nobody should rely on them', async () => {
    const short = signingKey('short', 'rsa', 1024).jwk;
    const { jwk } = issuer.keys.rsa;
    const useless = [short, { ...jwk, use: 'enc' }, { ...jwk, kty: 'oct', k: 'c2VjcmV0' }, { kid: 'x' }, 'text', null];
    issuer.documents.set('/keys', { keys: [...useless, { ...jwk, kid: 'only', alg: 'RS512' }] });
    expect(await idsFor(token({ kid: undefined, alg: 'RS512' }))).toEqual(['only']);
    await expect(idsFor(token({ kid: 'only', alg: 'RS256' }))).rejects.toBeInstanceOf(IssuerMisbehaves);
  });
});

describe('an issuer is not believed', () => {
  it.each([
    ['speaks for another', { issuer: 'https://other.example.com', jwks_uri: `${URL_TEXT}/keys` }],
    [
      'has its keys where anybody can change them on the way',
      { issuer: URL_TEXT, jwks_uri: 'http://login.example.com/keys' },
    ],
    ['has its keys nowhere', { issuer: URL_TEXT }],
    ['talks nonsense', '<html>'],
    ['talks in lists', '[]'],
  ])('that %s', async (_, document) => {
    issuer.documents.set(DISCOVERY, document);
    await expect(idsFor()).rejects.toBeInstanceOf(IssuerMisbehaves);
  });

  it('that has too many keys', async () => {
    issuer.documents.set('/keys', { keys: Array.from({ length: 101 }, () => issuer.keys.rsa.jwk) });
    await expect(idsFor()).rejects.toBeInstanceOf(IssuerMisbehaves);
  });
});
