import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { AcmeClient, problemOf, type TestAlgorithm, testKey } from '../testing/acme-client.ts';
import { AcmeZones } from '../testing/acme-zones.ts';

let zones: AcmeZones;
let base: string;
beforeAll(async () => {
  zones = await AcmeZones.start();
  base = (await zones.zone()).base;
});
afterAll(() => zones.close());

describe('new-account', () => {
  it.each<TestAlgorithm>(['ES256', 'ES384', 'RS256', 'EdDSA'])('makes an account for a key of %s', async alg => {
    const client = new AcmeClient(base, await testKey(alg));
    const made = await client.register({ contact: ['mailto:a@example.com'] });
    expect(made.status).toBe(201);
    expect(made.json).toMatchObject({
      status: 'valid',
      contact: ['mailto:a@example.com'],
      orders: `${client.kid}/orders`,
    });
    expect(made.headers.get('link')).toBe(`<${base}/directory>;rel="index"`);
    const again = await client.register();
    expect([again.status, again.headers.get('location')]).toEqual([200, client.kid]);
    expect(again.json.contact).toEqual(['mailto:a@example.com']);
  });

  it('finds an account without making one', async () => {
    const client = new AcmeClient(base, await testKey());
    expect(problemOf(await client.register({ onlyReturnExisting: true }))).toEqual([400, 'accountDoesNotExist']);
    await client.register();
    expect((await client.register({ onlyReturnExisting: true })).status).toBe(200);
  });

  it.each([
    [{ termsOfServiceAgreed: false }, 403, 'userActionRequired'],
    [{ contact: ['tel:123'] }, 400, 'unsupportedContact'],
    [{ contact: ['mailto:nobody'] }, 400, 'invalidContact'],
    [{ contact: ['mailto:a@b.example,c@d.example'] }, 400, 'invalidContact'],
    [{ contact: 'mailto:a@b.example' }, 400, 'malformed'],
    [{ contact: Array(11).fill('mailto:a@b.example') }, 400, 'malformed'],
  ])('refuses %j', async (payload, status, type) => {
    const answer = await new AcmeClient(base, await testKey()).register(payload);
    expect(problemOf(answer)).toEqual([status, type]);
    expect(answer.headers.get('content-type')).toContain('application/problem+json');
  });
});

describe('an account', () => {
  it('is read and changed by its own key', async () => {
    const client = await AcmeClient.registered(base);
    const changed = await client.post(client.kid!, { contact: ['mailto:b@example.com'] });
    expect(changed.json).toMatchObject({ status: 'valid', contact: ['mailto:b@example.com'] });
    expect((await client.post(client.kid!)).json.contact).toEqual(['mailto:b@example.com']);
    const other = await AcmeClient.registered(base);
    expect(problemOf(await other.post(client.kid!))).toEqual([403, 'unauthorized']);
    expect(problemOf(await client.post(client.kid!, { status: 'valid' }))).toEqual([400, 'malformed']);
  });

  it('does nothing any more once it is deactivated', async () => {
    const client = await AcmeClient.registered(base);
    expect((await client.post(client.kid!, { status: 'deactivated' })).json.status).toBe('deactivated');
    expect(problemOf(await client.post(client.kid!))).toEqual([403, 'unauthorized']);
    expect(problemOf(await client.register())).toEqual([403, 'unauthorized']);
    expect(problemOf(await client.post('/new-order', {}))).toEqual([403, 'unauthorized']);
  });

  it('lists its orders, a hundred at a time', async () => {
    const client = await AcmeClient.registered(base);
    const identifiers = [{ type: 'dns', value: 'a.example' }];
    const made: string[] = [];
    for (let i = 0; i < 101; i++) {
      made.unshift((await client.post('/new-order', { identifiers })).headers.get('location')!);
    }
    const first = await client.post(`${client.kid}/orders`);
    expect(first.json.orders).toEqual(made.slice(0, 100));
    const next = /<([^>]+)>;rel="next"/.exec(first.headers.get('link') ?? '')?.[1];
    const second = await client.post(next!);
    expect(second.json.orders).toEqual(made.slice(100));
    expect(second.headers.get('link')).not.toContain('next');
  });
});

describe('key-change', () => {
  const change = async (client: AcmeClient, key: Awaited<ReturnType<typeof testKey>>, inner: object = {}, odd = {}) => {
    const url = `${base}/key-change`;
    const payload = { account: client.kid, oldKey: client.key.jwk, ...inner };
    return client.post(url, await client.sign(url, payload, { key, jwk: true, ...odd }));
  };

  it('gives an account another key', async () => {
    const client = await AcmeClient.registered(base);
    const key = await testKey();
    expect((await change(client, key)).status).toBe(200);
    expect(problemOf(await client.post(client.kid!))).toEqual([403, 'unauthorized']);
    expect((await new AcmeClient(base, key, client.kid).post(client.kid!)).status).toBe(200);
    expect((await new AcmeClient(base, key).register()).headers.get('location')).toBe(client.kid);
  });

  it('refuses a key that another account has, and says which', async () => {
    const [client, other] = [await AcmeClient.registered(base), await AcmeClient.registered(base)];
    const answer = await change(client, other.key);
    expect(problemOf(answer)).toEqual([409, 'malformed']);
    expect(answer.headers.get('location')).toBe(other.kid);
  });

  it('refuses what is not about this account, this key, this request', async () => {
    const [client, other] = [await AcmeClient.registered(base), await AcmeClient.registered(base)];
    const key = await testKey();
    const refused = [400, 'malformed'];
    expect(problemOf(await change(client, key, { account: other.kid }))).toEqual(refused);
    expect(problemOf(await change(client, key, { oldKey: other.key.jwk }))).toEqual(refused);
    expect(problemOf(await change(client, key, { oldKey: null }))).toEqual(refused);
    expect(problemOf(await change(client, key, {}, { url: `${base}/new-order` }))).toEqual(refused);
    expect(problemOf(await change(client, key, {}, { nonce: await client.nonce() }))).toEqual(refused);
    expect(problemOf(await change(client, key, {}, { jwk: false }))).toEqual(refused);
  });
});
