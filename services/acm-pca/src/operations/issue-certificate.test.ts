import { X509Certificate } from 'node:crypto';
import { testSigningRequest } from '@stormglass/pki/testing';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type AcmPcaHost, authorityOf, get, issue, startAcmPcaHost } from '../testing/acm-pca-host.ts';

let host: AcmPcaHost;
beforeAll(async () => {
  host = await startAcmPcaHost();
});
afterAll(() => host.close());

const certificateOf = async (arn: string) => new X509Certificate((await get(host.client(), arn)).Certificate!);
const purposes = (certificate: X509Certificate) => certificate.keyUsage;
const SERVER = '1.3.6.1.5.5.7.3.1';
const CLIENT = '1.3.6.1.5.5.7.3.2';
const DAY_MS = 24 * 3_600_000;

describe('IssueCertificate', () => {
  it('issues what the signing request asks for, under a chain to the root', async () => {
    const client = host.client();
    const arn = await issue(client);
    expect(arn).toMatch(
      /^arn:aws:acm-pca:us-east-1:123456789012:certificate-authority\/[0-9a-f-]{36}\/certificate\/[0-9a-f]{32}$/,
    );
    const { Certificate, CertificateChain } = await get(client, arn);
    const leaf = new X509Certificate(Certificate!);
    const [intermediate, root] = CertificateChain!.split(/(?<=-----END CERTIFICATE-----)\n/);
    expect(leaf.subjectAltName).toBe('DNS:web.example');
    expect(leaf.verify(new X509Certificate(intermediate!).publicKey)).toBe(true);
    expect(new X509Certificate(intermediate!).verify(new X509Certificate(root!).publicKey)).toBe(true);
    expect(arn.endsWith(leaf.serialNumber.toLowerCase())).toBe(true);
    expect(purposes(leaf)).toEqual([SERVER, CLIENT]);
  });

  it('issues for the use that the template says', async () => {
    const template = (name: string) => ({ TemplateArn: `arn:aws:acm-pca:::template/${name}` });
    const server = await issue(host.client(), template('EndEntityServerAuthCertificate/V1'));
    expect(purposes(await certificateOf(server))).toEqual([SERVER]);
    const client = await issue(host.client(), template('EndEntityClientAuthCertificate/V1'));
    expect(purposes(await certificateOf(client))).toEqual([CLIENT]);
    await expect(issue(host.client(), template('RootCACertificate/V1'))).rejects.toMatchObject({
      name: 'InvalidArgsException',
      message: expect.stringContaining('RootCACertificate/V1 is not offered'),
    });
    await expect(
      issue(host.client(), { TemplateArn: 'arn:aws:acm-pca:us-east-1:123456789012:template/x' }),
    ).rejects.toMatchObject({ name: 'InvalidArnException' });
  });

  it('begins and ends it as asked', async () => {
    const now = Math.floor(Date.now() / 1000);
    const arn = await issue(host.client(), {
      Validity: { Type: 'ABSOLUTE', Value: now + 7200 },
      ValidityNotBefore: { Type: 'ABSOLUTE', Value: now - 60 },
    });
    const { validFromDate, validToDate } = await certificateOf(arn);
    expect([validFromDate.getTime(), validToDate.getTime()]).toEqual([(now - 60) * 1000, (now + 7200) * 1000]);
    const days = await certificateOf(await issue(host.client(), { Validity: { Type: 'DAYS', Value: 30 } }));
    expect(Math.abs(days.validToDate.getTime() - now * 1000 - 30 * DAY_MS)).toBeLessThan(60_000);
  });

  it.each([
    ['ends before it begins', { Type: 'ABSOLUTE', Value: 1 }, 'InvalidArgsException'],
    ['is no date', { Type: 'END_DATE', Value: 20_261_332_000_000 }, 'InvalidArgsException'],
    ['outlives the authority', { Type: 'YEARS', Value: 2 }, 'ValidationException'],
    ['outlives writing', { Type: 'DAYS', Value: Number.MAX_SAFE_INTEGER }, 'InvalidArgsException'],
    ['is of no known type', { Type: 'WEEKS' as 'DAYS', Value: 1 }, 'ValidationException'],
  ] as const)('refuses a validity that %s', async (_what, Validity, name) => {
    await expect(issue(host.client(), { Validity })).rejects.toMatchObject({ name });
  });

  it('refuses what does not fit the authority', async () => {
    const client = host.client();
    await expect(issue(client, { SigningAlgorithm: 'SHA256WITHRSA' })).rejects.toMatchObject({
      name: 'InvalidArgsException',
      message: expect.stringContaining('does not fit the key'),
    });
    const own = await authorityOf(client);
    const other = own.replace(/.$/, last => (last === '0' ? '1' : '0'));
    await expect(issue(client, { CertificateAuthorityArn: other })).rejects.toMatchObject({
      name: 'ResourceNotFoundException',
    });
    await expect(
      issue(client, { CertificateAuthorityArn: own.replace('certificate-authority', 'authority') }),
    ).rejects.toMatchObject({ name: 'InvalidArnException' });
    await expect(issue(client, { ApiPassthrough: { Subject: { CommonName: 'x' } } })).rejects.toMatchObject({
      name: 'InvalidArgsException',
    });
  });

  it.each<[what: string, csr: () => Promise<string>, name: string]>([
    ['is no request', async () => 'nothing', 'MalformedCSRException'],
    [
      'has a short key',
      async () => (await testSigningRequest('a', [], { rsaBits: 1024 })).pem,
      'MalformedCSRException',
    ],
    ['names nobody', async () => (await testSigningRequest('')).pem, 'MalformedCSRException'],
    [
      'has a name of another kind',
      async () => (await testSigningRequest('a', [{ type: 'email', value: 'a@b.example' }])).pem,
      'MalformedCSRException',
    ],
    [
      'claims an identity of the region',
      async () =>
        (await testSigningRequest('a', [{ type: 'url', value: 'SPIFFE://aws.stormglass/us-east-1/use1-az1/host' }]))
          .pem,
      'InvalidArgsException',
    ],
  ])('refuses a signing request that %s', async (_what, csr, name) => {
    const before = host.authority.issued.length;
    await expect(issue(host.client(), { csr: await csr() })).rejects.toMatchObject({ name });
    expect(host.authority.issued).toHaveLength(before);
  });

  it('takes a request as DER, and RSA keys that are long enough', async () => {
    const { der } = await testSigningRequest('rsa.example', [], { rsaBits: 2048 });
    const { publicKey } = await certificateOf(await issue(host.client(), { Csr: der }));
    expect(publicKey.asymmetricKeyType).toBe('rsa');
  });

  it('gives one certificate to requests with one token', async () => {
    const csr = (await testSigningRequest('a')).pem;
    const again = { csr, IdempotencyToken: 'token' };
    const first = await issue(host.client(), again);
    expect(await issue(host.client(), again)).toBe(first);
    expect(await issue(host.client(), { ...again, csr: (await testSigningRequest('b')).pem })).not.toBe(first);
    expect(await issue(host.client(), { csr })).not.toBe(first);
  });

  it('answers 503 while the authority is away', async () => {
    const CertificateAuthorityArn = await authorityOf(host.client());
    host.away(true);
    try {
      await expect(issue(host.client(), { CertificateAuthorityArn })).rejects.toMatchObject({
        name: 'ServiceUnavailable',
        $metadata: { httpStatusCode: 503 },
      });
    } finally {
      host.away(false);
    }
  });
});
