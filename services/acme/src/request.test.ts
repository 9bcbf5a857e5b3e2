/** What a request must look like, whatever it asks for. */
import { generateKeyPairSync } from 'node:crypto';
import { exchange, until } from '@stormglass/testing';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { AcmeClient, keyOf, type Oddities, problemOf, testKey } from './testing/acme-client.ts';
import { AcmeZones, order } from './testing/acme-zones.ts';

let zones: AcmeZones;
let base: string;
let client: AcmeClient;
beforeAll(async () => {
  zones = await AcmeZones.start();
  base = (await zones.zone()).base;
  client = await AcmeClient.registered(base);
});
afterAll(() => zones.close());

describe('the directory', () => {
  it('names what there is, as the client came', async () => {
    const response = await fetch(`${base}/directory`);
    const directory = (await response.json()) as Record<string, string>;
    for (const [name, url] of Object.entries(directory)) if (name !== 'meta') expect(url).toContain(`${base}/`);
    expect(response.headers.get('replay-nonce')).toMatch(/^[\w-]{46}$/);
    expect(await (await fetch(`${base}/terms`)).text()).toContain('root is trusted by those who say so');
  });

  it('leaves other paths and methods alone', async () => {
    expect((await fetch(`${base}/nothing`)).status).toBe(404);
    const got = await fetch(`${base}/new-order`);
    expect(got.status).toBe(404);
    expect(got.headers.get('content-type')).toContain('application/problem+json');
    expect((await fetch(`${new URL(base).origin}/_stormglass/health`)).status).toBe(200);
  });

  it('needs to know what it is called', async () => {
    const { port } = new URL(base);
    const request = 'GET /_stormglass/acme/directory HTTP/1.1\r\nHost: <x>\r\nConnection: close\r\n\r\n';
    const { responses } = await exchange(Number(port), request);
    expect(responses.map(({ status }) => status)).toEqual([400]);
  });
});

describe('a nonce', () => {
  it('is fresh each time', async () => {
    const [head, get] = [await fetch(`${base}/new-nonce`, { method: 'HEAD' }), await fetch(`${base}/new-nonce`)];
    expect([head.status, get.status]).toEqual([200, 204]);
    expect(head.headers.get('cache-control')).toBe('no-store');
    expect(head.headers.get('replay-nonce')).not.toBe(get.headers.get('replay-nonce'));
  });

  it('works once in the whole region', async () => {
    const elsewhere = client.in((await zones.zone()).base);
    const nonce = await elsewhere.nonce();
    const [here, there] = await Promise.all([
      client.post(client.kid!, null, { nonce }),
      elsewhere.post(elsewhere.kid!, null, { nonce }),
    ]);
    const refused = here.status === 200 ? there : here;
    expect([here.status, there.status].sort()).toEqual([200, 400]);
    expect(problemOf(refused)).toEqual([400, 'badNonce']);
    const next = refused.headers.get('replay-nonce')!;
    expect((await client.post(client.kid!, null, { nonce: next })).status).toBe(200);
  });

  it('must be one of ours', async () => {
    const nonce = await client.nonce();
    const forged = nonce.replace(/^./, first => (first === 'A' ? 'B' : 'A'));
    for (const each of [undefined, '', 'x', forged, `${nonce}=`]) {
      expect(problemOf(await client.post(client.kid!, null, { nonce: each }))).toEqual([400, 'badNonce']);
    }
    expect((await client.post(client.kid!, null, { nonce })).status).toBe(200);
  });
});

describe('a signed request', () => {
  const mallory = testKey();
  it.each<[string, Oddities | (() => Promise<Oddities>), number, string]>([
    ['of another content type', { contentType: 'application/json' }, 415, 'malformed'],
    ['that is not JSON', { change: () => 'x' }, 400, 'malformed'],
    ['that is no JWS', { change: () => '[]' }, 400, 'malformed'],
    ['with an unprotected header', { change: jws => ({ ...jws, header: {} }) }, 400, 'malformed'],
    ['with several signatures', { change: jws => ({ ...jws, signatures: [] }) }, 400, 'malformed'],
    ['with a header that is no object', { change: jws => ({ ...jws, protected: 'W10' }) }, 400, 'malformed'],
    ['with another payload', { change: jws => ({ ...jws, payload: 'e30' }) }, 403, 'unauthorized'],
    ['with a payload that is no object', { change: jws => ({ ...jws, payload: 'W10' }) }, 403, 'unauthorized'],
    ['with a signature that is none', { change: jws => ({ ...jws, signature: '!' }) }, 400, 'malformed'],
    ['for another url', { url: 'https://elsewhere.example/' }, 403, 'unauthorized'],
    ['with jwk and kid', async () => ({ header: { jwk: client.key.jwk } }), 400, 'malformed'],
    ['with a jwk where an account is meant', { jwk: true }, 400, 'malformed'],
    ['by another key', async () => ({ key: await mallory }), 403, 'unauthorized'],
    [
      'of an account that is not there',
      async () => ({ header: { kid: `${base}/account/x` } }),
      400,
      'accountDoesNotExist',
    ],
    ['of an account elsewhere', { header: { kid: 'https://elsewhere.example/1' } }, 400, 'accountDoesNotExist'],
    ['with extensions nobody knows', { header: { crit: ['b64'], b64: true } }, 400, 'malformed'],
  ])('%s is refused', async (_what, odd, status, type) => {
    const oddities = typeof odd === 'function' ? await odd() : odd;
    const answer = await client.post(client.kid!, null, oddities);
    expect(problemOf(answer)).toEqual([status, type]);
    expect(answer.headers.get('replay-nonce')).toMatch(/^[\w-]{46}$/);
  });

  it('must not be larger than anything sensible', async () => {
    const answer = await client.send(client.kid!, 'x'.repeat(200 * 1024));
    expect(problemOf(answer)).toEqual([413, 'malformed']);
  });

  it('names the algorithms when it has another', async () => {
    const key = { ...(await testKey()), alg: 'HS256', privateKey: Buffer.alloc(32) as never };
    const answer = await client.post(client.kid!, null, { key });
    expect(problemOf(answer)).toEqual([400, 'badSignatureAlgorithm']);
    expect(answer.json).toMatchObject({ algorithms: ['ES256', 'ES384', 'RS256', 'EdDSA'] });
  });

  it('is signed with a key that is good enough', async () => {
    const { privateKey, publicKey } = generateKeyPairSync('ec', { namedCurve: 'P-521' });
    const large = await keyOf(privateKey, publicKey, 'ES512');
    const bad = [400, 'badPublicKey'];
    const small = generateKeyPairSync('rsa', { modulusLength: 1024 });
    const weak = await keyOf(small.privateKey, small.publicKey, 'RS256');
    const good = await testKey();
    const register = async (jwk: object) => {
      const newcomer = new AcmeClient(base, good);
      return problemOf(await newcomer.post('/new-account', {}, { jwk: true, header: { jwk } }));
    };
    expect(await register(large.jwk)).toEqual(bad);
    expect(await register({ ...good.jwk, d: 'AAAA' })).toEqual(bad);
    expect(await register({ kty: 'oct', k: 'AAAA' })).toEqual(bad);
    expect(await register({ ...good.jwk, x: 7 })).toEqual(bad);
    expect(await register({ ...good.jwk, x: 'AAAA' })).toEqual(bad);
    expect(await register(weak.jwk)).toEqual(bad);
  });

  it('waits in vain for a log without a quorum', async () => {
    const hasty = await zones.zone({ deadlineMs: 300 });
    const there = client.in(hasty.base);
    const nonce = await there.nonce();
    zones.log.stalled = true;
    const answer = await there.post(there.kid!, null, { nonce });
    zones.log.stalled = false;
    expect(problemOf(answer)).toEqual([503, 'serverInternal']);
    expect(answer.headers.get('retry-after')).toBe('5');
    await until('the log again', async () => (await order(there, 'a.example')).status === 201);
  });
});
