import { systemClock } from '@stormglass/base';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { AcmeZones, hurried } from '../testing/acme-zones.ts';
import { validateDns } from './dns-01.ts';
import { validateHttp } from './http-01.ts';

let zones: AcmeZones;
beforeAll(async () => {
  zones = await AcmeZones.start();
});
beforeEach(() => zones.pages.clear());
afterAll(() => zones.close());

const TOKEN = 'token';
const PATH = `/.well-known/acme-challenge/${TOKEN}`;
const about = (value: string, type: 'dns' | 'ip' = 'dns') => ({
  ...{ identifier: { type, value }, token: TOKEN, keyAuthorization: 'token.thumbprint' },
});
const http = (value = 'web.example', clock = systemClock) =>
  validateHttp(about(value), {
    ...{ httpPort: zones.webPort, clock, signal: new AbortController().signal },
    async resolve(name, type) {
      if (name === 'broken.example') throw new Error('no upstream');
      const address = { A: '127.0.0.1', AAAA: '::1' }[type];
      const is4 = name === 'web.example' || name === 'two.example';
      if (type === 'A' && name === 'two.example')
        return [
          { type, data: '127.255.255.254' },
          { type, data: address },
        ];
      return type === 'A' && is4
        ? [
            { type: 'CNAME', data: 'x' },
            { type, data: address },
          ]
        : [];
    },
  });
const failure = (type: string, detail: string | RegExp) => ({
  problem: {
    type,
    detail: typeof detail === 'string' ? expect.stringContaining(detail) : expect.stringMatching(detail),
  },
});

describe('http-01', () => {
  it('finds the key authorization, with or without a line end', async () => {
    for (const text of ['token.thumbprint', 'token.thumbprint\r\n']) {
      zones.pages.set(PATH, text);
      await http();
    }
    await validateHttp(about('127.0.0.1', 'ip'), {
      ...{ httpPort: zones.webPort, clock: systemClock, signal: new AbortController().signal, resolve: async () => [] },
    });
  });

  it('follows redirects, a few of them', async () => {
    zones.pages.set('/end', 'token.thumbprint');
    const to = (location: string, status = 302) =>
      zones.pages.set(PATH, (_, response) => void response.writeHead(status, { location }).end());
    for (const status of [301, 302, 303, 307, 308]) {
      to('/end', status);
      await http();
    }
    to(PATH);
    await expect(http()).rejects.toMatchObject(failure('connection', 'redirects too often'));
  });

  it.each([
    'http://web.example:22/',
    'https://web.example:8443/',
    'ftp://web.example/',
    'http://',
    'http://web.example:1',
  ])('does not follow a redirect to %s', async location => {
    zones.pages.set(PATH, (_, response) => void response.writeHead(302, { location }).end());
    await expect(http()).rejects.toMatchObject(failure('connection', 'which is not followed'));
  });

  it('tells what it found instead', async () => {
    await expect(http()).rejects.toMatchObject(failure('unauthorized', 'answers 404'));
    zones.pages.set(PATH, 'token.other');
    await expect(http()).rejects.toMatchObject(failure('unauthorized', 'it says "token.other"'));
    zones.pages.set(PATH, 'x'.repeat(5000));
    await expect(http()).rejects.toMatchObject(failure('incorrectResponse', 'longer than 4096'));
    zones.pages.set(PATH, (_, response) => void response.destroy());
    await expect(http()).rejects.toMatchObject(failure('connection', 'cannot be fetched'));
    await expect(http('nowhere.example')).rejects.toMatchObject(failure('dns', 'has no address'));
    await expect(http('broken.example')).rejects.toMatchObject(failure('dns', 'no upstream'));
  });

  it('tries every address, and not for ever', async () => {
    zones.pages.set(PATH, 'token.thumbprint');
    await http('two.example');
    zones.pages.set(PATH, () => {});
    await expect(http('web.example', hurried(100))).rejects.toMatchObject(failure('connection', 'no answer within'));
  });
});

describe('dns-01', () => {
  const expected = 'HAC52AJZn9G6uUGMdAhKaRMLdWN1JxGd7u0Lp2r4hE4';
  const dns = (...records: unknown[]) =>
    validateDns(about('shop.example'), {
      async resolve(name, type) {
        expect([name, type]).toEqual(['_acme-challenge.shop.example', 'TXT']);
        return records.map(data => ({ type, data }));
      },
    });

  it('finds the digest among other texts, whole or in pieces', async () => {
    const { hash } = await import('node:crypto');
    const digest = hash('sha256', 'token.thumbprint', 'base64url');
    await dns(['other'], [digest]);
    await dns([Buffer.from(digest.slice(0, 10)), Buffer.from(digest.slice(10))]);
    await dns(digest);
  });

  it('tells what it found instead', async () => {
    await expect(dns()).rejects.toMatchObject(failure('unauthorized', /has none\.$/));
    await expect(dns([expected])).rejects.toMatchObject(failure('unauthorized', `it has ${expected}`));
  });
});
