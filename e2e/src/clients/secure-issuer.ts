/** An identity provider on a TLS port of this machine, with a certificate of an authority of its own. */
import { X509Certificate } from 'node:crypto';
import { createServer } from 'node:https';
import type { AddressInfo } from 'node:net';
import { systemClock } from '@stormglass/base';
import { newPrivateKey, publicKeyPem } from '@stormglass/pki';
import { testAuthority } from '@stormglass/pki/testing';
import { type TestIssuer, testIssuer } from '@stormglass/sts/testing';

export interface SecureIssuer extends TestIssuer {
  /** SHA-1 of the intermediate that its certificate comes from. */
  readonly thumbprint: string;
  /** PEM. */
  readonly rootCertificate: string;
  readonly requests: () => number;
  close(): void;
}

export async function secureIssuer(host: string, partition = 'aws'): Promise<SecureIssuer> {
  const authority = await testAuthority(partition);
  const key = await newPrivateKey();
  const issued = await authority.issue({
    ...{ commonName: host, names: [{ type: 'dns', value: host }], publicKey: publicKeyPem(key), use: 'server' },
    ...{ notAfter: systemClock.now() + 3_600_000, holder: 'issuer', requestId: 'issuer' },
  });
  const [intermediate] = issued.chain;
  let asked = 0;
  let issuer: TestIssuer | undefined;
  const server = createServer({ key, cert: issued.certificate + intermediate }, (request, response) => {
    asked++;
    const document = issuer?.documents.get(request.url ?? '');
    response.writeHead(document === undefined ? 404 : 200, { 'content-type': 'application/json' });
    response.end(JSON.stringify(document ?? {}));
  });
  await new Promise<void>(resolve => server.listen(0, '127.0.0.1', resolve));
  issuer = testIssuer(`https://${host}:${(server.address() as AddressInfo).port}`);
  return {
    ...issuer,
    thumbprint: new X509Certificate(intermediate!).fingerprint.replaceAll(':', ''),
    rootCertificate: authority.trust().roots[0]!,
    requests: () => asked,
    close: () => server.close().closeAllConnections(),
  };
}
