import { X509Certificate } from 'node:crypto';
import { testSigningRequest } from '@stormglass/pki/testing';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { AcmeClient, keyOf, problemOf } from '../testing/acme-client.ts';
import { AcmeZones, authorize, challengeOf, csrFor, obtain, order, settled } from '../testing/acme-zones.ts';

let zones: AcmeZones;
let base: string;
let client: AcmeClient;
beforeAll(async () => {
  zones = await AcmeZones.start();
  base = (await zones.zone()).base;
});
beforeEach(async () => {
  client = await AcmeClient.registered(base);
});
afterAll(() => zones.close());

describe('an order', () => {
  it('leads to a certificate for its names, under the intermediate', async () => {
    const { chain } = await obtain(zones, client, 'web.example', 'www.example', '127.0.0.1');
    const [leaf, intermediate, ...more] = chain.split(/(?<=-----END CERTIFICATE-----\n)/);
    expect(more).toEqual([]);
    expect(intermediate).toBe(zones.authority.intermediate);
    const certificate = new X509Certificate(leaf!);
    expect(certificate.subjectAltName).toBe('DNS:web.example, DNS:www.example, IP Address:127.0.0.1');
    expect(certificate.verify(new X509Certificate(intermediate!).publicKey)).toBe(true);
    expect(certificate.keyUsage).toEqual(['1.3.6.1.5.5.7.3.1']);
  });

  it('for a wildcard is a matter of DNS alone', async () => {
    const made = await order(client, '*.shop.example', 'shop.example');
    const authorizations = await Promise.all(made.json.authorizations!.map(url => client.post(url)));
    expect(authorizations.map(({ json }) => [json.wildcard, json.challenges!.map(each => each.type)])).toEqual([
      [true, ['dns-01']],
      [undefined, ['http-01', 'dns-01']],
    ]);
    await authorize(zones, client, made, 'dns-01');
    await client.post(made.json.finalize!, { csr: await csrFor('shop.example', '*.shop.example') });
    expect((await settled(client, made.headers.get('location')!, 'valid')).json.certificate).toBeDefined();
  });

  it.each([
    ['nothing', [], 'malformed'],
    ['too much', Array.from({ length: 101 }, (_, i) => ({ type: 'dns', value: `a${i}.example` })), 'malformed'],
    ['what is no identifier', ['a.example'], 'malformed'],
    ['another type', [{ type: 'email', value: 'a@b.example' }], 'unsupportedIdentifier'],
    ['a name of one label', [{ type: 'dns', value: 'localhost' }], 'rejectedIdentifier'],
    ['a wildcard in the middle', [{ type: 'dns', value: 'a.*.example' }], 'rejectedIdentifier'],
    ['a name with a dot at its end', [{ type: 'dns', value: 'a.example.' }], 'rejectedIdentifier'],
    ['an address as a name', [{ type: 'dns', value: '127.0.0.1' }], 'rejectedIdentifier'],
    ['a name as an address', [{ type: 'ip', value: 'a.example' }], 'rejectedIdentifier'],
    ['an address of a link', [{ type: 'ip', value: 'fe80::1%eth0' }], 'rejectedIdentifier'],
    ['a path', [{ type: 'dns', value: 'a.example/x' }], 'rejectedIdentifier'],
  ])('is not made for %s', async (_what, identifiers, type) => {
    expect(problemOf(await client.post('/new-order', { identifiers }))).toEqual([400, type]);
  });

  it('has its identifiers in one form, each once', async () => {
    const identifiers = [
      { type: 'dns', value: 'A.Example' },
      { type: 'dns', value: 'a.example' },
      { type: 'ip', value: '0:0:0:0:0:0:0:1' },
    ];
    const { json } = await client.post('/new-order', { identifiers });
    expect(json.identifiers).toEqual([
      { type: 'dns', value: 'a.example' },
      { type: 'ip', value: '::1' },
    ]);
  });

  it('does not let the client say the dates', async () => {
    const identifiers = [{ type: 'dns', value: 'a.example' }];
    const answer = await client.post('/new-order', { identifiers, notAfter: '2030-01-01T00:00:00Z' });
    expect(problemOf(answer)).toEqual([400, 'malformed']);
  });

  it('is nobody else’s, and none that does not exist', async () => {
    const made = await order(client, 'a.example');
    const other = await AcmeClient.registered(base);
    for (const url of [made.headers.get('location')!, made.json.authorizations![0]!]) {
      expect(problemOf(await other.post(url))).toEqual([403, 'unauthorized']);
      expect(problemOf(await client.post(`${url}x`))).toEqual([404, 'malformed']);
    }
    expect(problemOf(await other.post(made.json.finalize!, { csr: 'AA' }))).toEqual([403, 'unauthorized']);
    const { url } = await obtain(zones, client, 'a.example');
    const certificate = url.replace('/order/', '/certificate/');
    expect(problemOf(await other.post(certificate))).toEqual([403, 'unauthorized']);
    expect(problemOf(await client.post(made.headers.get('location')!.replace('/order/', '/certificate/')))).toEqual([
      404,
      'malformed',
    ]);
    expect(problemOf(await client.post(url, {}))).toEqual([400, 'malformed']);
  });
});

describe('finalize', () => {
  it('waits for every authorization', async () => {
    const { json } = await order(client, 'a.example', 'b.example');
    const csr = await csrFor('a.example', 'b.example');
    expect(problemOf(await client.post(json.finalize!, { csr }))).toEqual([403, 'orderNotReady']);
    expect(problemOf(await client.post(json.finalize!))).toEqual([400, 'malformed']);
  });

  it('takes a signing request for exactly the identifiers', async () => {
    const made = await order(client, 'a.example', 'b.example');
    await authorize(zones, client, made);
    const finalize = async (csr: unknown) => problemOf(await client.post(made.json.finalize!, { csr }));
    const bad = [400, 'badCSR'];
    expect(await finalize(await csrFor('a.example'))).toEqual(bad);
    expect(await finalize(await csrFor('a.example', 'b.example', 'c.example'))).toEqual(bad);
    expect(await finalize(Buffer.from('nothing').toString('base64url'))).toEqual(bad);
    expect(await finalize('+/')).toEqual([400, 'malformed']);
    expect(await finalize(7)).toEqual([400, 'malformed']);
    const names = [
      { type: 'dns', value: 'a.example' },
      { type: 'dns', value: 'b.example' },
    ] as const;
    const encoded = async (...request: Parameters<typeof testSigningRequest>) =>
      (await testSigningRequest(...request)).der.toString('base64url');
    expect(await finalize(await encoded('c.example', names))).toEqual(bad);
    expect(await finalize(await encoded('', [...names, { type: 'url', value: 'spiffe://aws.stormglass/x' }]))).toEqual(
      bad,
    );
    expect(await finalize(await encoded('', names, { rsaBits: 1024 }))).toEqual(bad);
    expect(await finalize(await encoded('A.example', names))).toEqual([200, undefined]);
  });

  it('refuses the key of the account as that of the certificate', async () => {
    const { der, privateKey } = await testSigningRequest('', [{ type: 'dns', value: 'a.example' }]);
    const { createPublicKey } = await import('node:crypto');
    const same = new AcmeClient(base, await keyOf(privateKey, createPublicKey(privateKey as never), 'ES256'));
    await same.register();
    const made = await order(same, 'a.example');
    await authorize(zones, same, made);
    const answer = await same.post(made.json.finalize!, { csr: der.toString('base64url') });
    expect(problemOf(answer)).toEqual([400, 'badCSR']);
  });

  it('goes on by itself when the authority comes back, with one certificate', async () => {
    const made = await order(client, 'a.example');
    await authorize(zones, client, made);
    zones.isAuthorityAway = true;
    const csr = await csrFor('a.example');
    const answer = await client.post(made.json.finalize!, { csr });
    expect([answer.status, answer.json.status]).toEqual([200, 'processing']);
    expect(answer.headers.get('retry-after')).toBe('1');
    zones.isAuthorityAway = false;
    const before = zones.authority.issued.length;
    await client.post(made.json.finalize!, { csr });
    await settled(client, made.headers.get('location')!, 'valid');
    expect(zones.authority.issued).toHaveLength(before + 1);
  });
});

describe('an authorization', () => {
  it('that is given up takes its order with it', async () => {
    const made = await order(client, 'a.example');
    await authorize(zones, client, made);
    const [url] = made.json.authorizations!;
    expect((await client.post(url!, { status: 'deactivated' })).json.status).toBe('deactivated');
    expect((await client.post(made.headers.get('location')!)).json.status).toBe('invalid');
    expect(problemOf(await client.post(url!, { status: 'deactivated' }))).toEqual([400, 'malformed']);
    expect(problemOf(await client.post(url!, { status: 'valid' }))).toEqual([400, 'malformed']);
  });

  it('fails with what the validation found, and its order with it', async () => {
    const made = await order(client, 'a.example');
    const [url] = made.json.authorizations!;
    const challenge = challengeOf(await client.post(url!));
    const begun = await client.post(challenge.url, {});
    expect(begun.json.status).toBe('processing');
    expect(begun.headers.get('link')).toContain(`<${url}>;rel="up"`);
    const failed = challengeOf(await settled(client, url!, 'invalid'));
    expect(failed.error).toMatchObject({
      type: 'urn:ietf:params:acme:error:unauthorized',
      detail: expect.stringContaining('answers 404'),
    });
    const ended = await client.post(made.headers.get('location')!);
    expect(ended.json).toMatchObject({ status: 'invalid', error: failed.error });
    expect(problemOf(await client.post(challenge.url.replace('http-01', 'tls-alpn-01'), {}))).toEqual([
      404,
      'malformed',
    ]);
  });
});
