import { createPublicKey, X509Certificate } from 'node:crypto';
import { newPrivateKey, publicKeyPem } from '@stormglass/pki';
import { testSigningRequest } from '@stormglass/pki/testing';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { AcmeClient, keyOf, problemOf } from '../testing/acme-client.ts';
import { AcmeZones, authorize, obtain, order, settled } from '../testing/acme-zones.ts';

let zones: AcmeZones;
let base: string;
let client: AcmeClient;
beforeAll(async () => {
  zones = await AcmeZones.start();
  base = (await zones.zone()).base;
  client = await AcmeClient.registered(base);
});
afterAll(() => zones.close());

const certificateIn = (chain: string) => new X509Certificate(chain);
const encoded = ({ raw }: X509Certificate) => raw.toString('base64url');

describe('revoke-cert', () => {
  it('takes the word of the account', async () => {
    const certificate = certificateIn((await obtain(zones, client, 'a.example')).chain);
    const revoke = (more: object = {}, by = client) =>
      by.post('/revoke-cert', { certificate: encoded(certificate), ...more });
    expect(problemOf(await revoke({}, await AcmeClient.registered(base)))).toEqual([403, 'unauthorized']);
    for (const reason of [2, 6, 7, 8, 99, 'superseded']) {
      expect(problemOf(await revoke({ reason }))).toEqual([400, 'badRevocationReason']);
    }
    expect((await revoke({ reason: 4 })).status).toBe(200);
    expect(zones.authority.revocationOf(certificate.serialNumber)).toMatchObject({ reason: 'superseded' });
    expect(problemOf(await revoke())).toEqual([400, 'alreadyRevoked']);
  });

  it('takes the word of whoever has the key', async () => {
    const { der, privateKey } = await testSigningRequest('', [{ type: 'dns', value: 'b.example' }]);
    const made = await order(client, 'b.example');
    await authorize(zones, client, made);
    await client.post(made.json.finalize!, { csr: der.toString('base64url') });
    const { json } = await settled(client, made.headers.get('location')!, 'valid');
    const certificate = certificateIn((await client.post(json.certificate!)).text);
    const holder = new AcmeClient(base, await keyOf(privateKey, createPublicKey(privateKey as never), 'ES256'));
    const stranger = new AcmeClient(base, (await AcmeClient.registered(base)).key);
    const payload = { certificate: encoded(certificate), reason: 1 };
    expect(problemOf(await stranger.post('/revoke-cert', payload, { jwk: true }))).toEqual([403, 'unauthorized']);
    expect((await holder.post('/revoke-cert', payload, { jwk: true })).status).toBe(200);
    expect(zones.authority.revocationOf(certificate.serialNumber)).toMatchObject({ reason: 'keyCompromise' });
  });

  it('refuses what is none of its certificates, that of a host above all', async () => {
    const key = await newPrivateKey();
    const held = await zones.authority.issue({
      ...{ commonName: 'use1-az1', names: [], use: 'server-and-client', holder: 'host use1-az1', requestId: 'enrol' },
      publicKey: publicKeyPem(key),
      notAfter: Date.now() + 60_000,
    });
    const { createPrivateKey } = await import('node:crypto');
    const own = createPrivateKey(key);
    const host = new AcmeClient(base, await keyOf(own, createPublicKey(key), 'ES256'));
    const payload = { certificate: encoded(certificateIn(held.certificate)) };
    expect(problemOf(await client.post('/revoke-cert', payload))).toEqual([403, 'unauthorized']);
    expect(problemOf(await host.post('/revoke-cert', payload, { jwk: true }))).toEqual([403, 'unauthorized']);
    const root = { certificate: encoded(certificateIn(zones.authority.root)) };
    expect(problemOf(await client.post('/revoke-cert', root))).toEqual([404, 'malformed']);
    expect(problemOf(await client.post('/revoke-cert', { certificate: 'AAAA' }))).toEqual([400, 'malformed']);
    expect(problemOf(await client.post('/revoke-cert', {}))).toEqual([400, 'malformed']);
    zones.isAuthorityAway = true;
    expect(problemOf(await client.post('/revoke-cert', payload))).toEqual([503, 'serverInternal']);
    zones.isAuthorityAway = false;
  });
});

describe('renewal-info', () => {
  const idOf = (certificate: X509Certificate) => {
    const at = certificate.raw.indexOf(Buffer.from('0603551d23', 'hex'));
    const issuer = certificate.raw.subarray(at + 11, at + 31).toString('base64url');
    return `${issuer}.${Buffer.from(certificate.serialNumber, 'hex').toString('base64url')}`;
  };
  const ask = async (id: string) => {
    const response = await fetch(`${base}/renewal-info/${id}`);
    return { response, body: (await response.json()) as { suggestedWindow: { start: string; end: string } } };
  };

  it('says when two thirds of a life are over, and at once when it is revoked', async () => {
    const certificate = certificateIn((await obtain(zones, client, 'a.example')).chain);
    const life = certificate.validToDate.getTime() - certificate.validFromDate.getTime();
    const { response, body } = await ask(idOf(certificate));
    expect([response.status, response.headers.get('retry-after')]).toEqual([200, '21600']);
    const start = Date.parse(body.suggestedWindow.start) - certificate.validFromDate.getTime();
    expect(Math.abs(start - (life * 2) / 3)).toBeLessThan(1000);
    expect(Date.parse(body.suggestedWindow.end)).toBeLessThan(certificate.validToDate.getTime());
    await client.post('/revoke-cert', { certificate: encoded(certificate) });
    const later = (await ask(idOf(certificate))).body;
    expect(Date.parse(later.suggestedWindow.end)).toBeLessThanOrEqual(Date.now());
  });

  it('knows its own certificates only', async () => {
    const [issuer, serial] = idOf(certificateIn((await obtain(zones, client, 'a.example')).chain)).split('.');
    expect((await ask(`${serial}.${serial}`)).response.status).toBe(404);
    expect((await ask(`${issuer}.${issuer}`)).response.status).toBe(404);
    expect((await ask('x')).response.status).toBe(400);
  });
});
