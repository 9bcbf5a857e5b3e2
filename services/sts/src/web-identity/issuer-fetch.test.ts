import { X509Certificate } from 'node:crypto';
import { createServer, type RequestListener, type Server } from 'node:http';
import { createServer as createSecureServer } from 'node:https';
import type { AddressInfo } from 'node:net';
import { systemClock } from '@stormglass/base';
import { newPrivateKey, publicKeyPem } from '@stormglass/pki';
import { testAuthority } from '@stormglass/pki/testing';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { IssuerMisbehaves, IssuerUnreachable, issuerFetch } from './issuer-fetch.ts';

const NAME = 'login.example.com';
const thumbprintOf = (pem: string) => new X509Certificate(pem).fingerprint.replaceAll(':', '').toLowerCase();

let answer: RequestListener;
let secure: Server;
let plain: Server;
let leaf: string;
let intermediate: string;
const listening = (server: Server) => new Promise<void>(resolve => server.listen(0, '127.0.0.1', resolve));
const portOf = (server: Server) => (server.address() as AddressInfo).port;

beforeAll(async () => {
  const authority = await testAuthority();
  const key = await newPrivateKey();
  const issued = await authority.issue({
    ...{ commonName: NAME, names: [{ type: 'dns', value: NAME }], publicKey: publicKeyPem(key), use: 'server' },
    ...{ notAfter: systemClock.now() + 3_600_000, holder: 'test', requestId: 'issuer' },
  });
  leaf = issued.certificate;
  intermediate = issued.chain[0]!;
  const listener: RequestListener = (request, response) => answer(request, response);
  secure = createSecureServer({ key, cert: leaf + intermediate }, listener);
  plain = createServer(listener);
  await Promise.all([listening(secure), listening(plain)]);
});
afterAll(() => {
  for (const server of [secure, plain]) server.close().closeAllConnections();
});
beforeEach(() => {
  answer = (_request, response) => void response.end('{"ok":1}');
});

const fetchIssuer = issuerFetch(async name => (name === NAME ? '127.0.0.1' : undefined), systemClock);
function get(thumbprints: readonly string[], { host = NAME, bytesMax = 100, timeoutMs = 5000 } = {}) {
  const url = new URL(`https://${host}:${portOf(secure)}/doc`);
  return fetchIssuer({ url, thumbprints, bytesMax, timeoutMs });
}

describe('an issuer that no root vouches for', () => {
  it('is believed for a thumbprint of its own certificate, or of one that signed it', async () => {
    for (const certificate of [leaf, intermediate]) expect(await get([thumbprintOf(certificate)])).toBe('{"ok":1}');
  });

  it('is not believed otherwise', async () => {
    await expect(get([])).rejects.toBeInstanceOf(IssuerMisbehaves);
    await expect(get(['0'.repeat(40)])).rejects.toThrow(/is not trusted/);
    // The certificate is not for the address as such.
    await expect(get([thumbprintOf(leaf)], { host: '127.0.0.1' })).rejects.toBeInstanceOf(IssuerMisbehaves);
  });

  it('is not believed because it shows the certificate of somebody who never signed its own', async () => {
    const [other, stranger] = [await testAuthority('aws-cn'), await newPrivateKey()];
    const issued = await other.issue({
      ...{ commonName: NAME, names: [{ type: 'dns', value: NAME }], publicKey: publicKeyPem(stranger), use: 'server' },
      ...{ notAfter: systemClock.now() + 3_600_000, holder: 'test', requestId: 'impostor' },
    });
    const impostor = createSecureServer({ key: stranger, cert: issued.certificate + intermediate }, (_, response) => {
      response.end('{}');
    });
    await listening(impostor);
    const url = new URL(`https://${NAME}:${portOf(impostor)}/doc`);
    const thumbprints = [thumbprintOf(intermediate)];
    await expect(fetchIssuer({ url, thumbprints, bytesMax: 100, timeoutMs: 5000 })).rejects.toBeInstanceOf(
      IssuerMisbehaves,
    );
    impostor.close().closeAllConnections();
  });
});

describe('a document', () => {
  const pinned = () => [thumbprintOf(leaf)];

  it('may come without TLS from this machine', async () => {
    const url = new URL(`http://127.0.0.1:${portOf(plain)}/doc`);
    expect(await fetchIssuer({ url, thumbprints: [], bytesMax: 100, timeoutMs: 5000 })).toBe('{"ok":1}');
  });

  it('is not looked for elsewhere, and must not be too large', async () => {
    answer = (_request, response) => void response.writeHead(302, { location: 'https://127.0.0.1/' }).end();
    await expect(get(pinned())).rejects.toBeInstanceOf(IssuerMisbehaves);
    answer = (_request, response) => void response.writeHead(404).end();
    await expect(get(pinned())).rejects.toBeInstanceOf(IssuerMisbehaves);
    answer = (_request, response) => void response.end('x'.repeat(101));
    await expect(get(pinned())).rejects.toThrow(/larger than 100 bytes/);
  });

  it('may be had later when nobody answers, or not to the end', async () => {
    answer = (_request, response) => void response.writeHead(503).end();
    await expect(get(pinned())).rejects.toBeInstanceOf(IssuerUnreachable);
    answer = () => {};
    await expect(get(pinned(), { timeoutMs: 50 })).rejects.toBeInstanceOf(IssuerUnreachable);
    answer = (_request, response) => {
      response.writeHead(200, { 'content-length': '50' }).write('{');
      setImmediate(() => response.destroy());
    };
    await expect(get(pinned())).rejects.toBeInstanceOf(IssuerUnreachable);
    await expect(get(pinned(), { host: 'nowhere.example.com' })).rejects.toBeInstanceOf(IssuerUnreachable);
  });
});
