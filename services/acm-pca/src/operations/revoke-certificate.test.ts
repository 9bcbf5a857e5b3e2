import type { RevocationReason } from '@aws-sdk/client-acm-pca';
import { GetCertificateCommand, RevokeCertificateCommand } from '@aws-sdk/client-acm-pca';
import { newPrivateKey, publicKeyPem } from '@stormglass/pki';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type AcmPcaHost, authorityOf, get, issue, OTHER_ACCOUNT, startAcmPcaHost } from '../testing/acm-pca-host.ts';

let host: AcmPcaHost;
beforeAll(async () => {
  host = await startAcmPcaHost();
});
afterAll(() => host.close());

const serialOf = (arn: string) => arn.split('/').at(-1)!;
const revoke = async (client: ReturnType<AcmPcaHost['client']>, serial: string, reason?: RevocationReason) =>
  client.send(
    new RevokeCertificateCommand({
      CertificateAuthorityArn: await authorityOf(client),
      CertificateSerial: serial,
      RevocationReason: reason ?? 'KEY_COMPROMISE',
    }),
  );

describe('RevokeCertificate', () => {
  it('revokes once, however the serial is written', async () => {
    const client = host.client();
    const arn = await issue(client);
    const serial = serialOf(arn);
    await revoke(client, serial.replace(/..(?!$)/g, '$&:'), 'SUPERSEDED');
    expect(host.authority.revocationOf(serial)).toMatchObject({ reason: 'superseded' });
    await expect(revoke(client, `0x${serial.toUpperCase()}`)).rejects.toMatchObject({
      name: 'RequestAlreadyProcessedException',
    });
    expect((await get(client, arn)).Certificate).toContain('BEGIN CERTIFICATE');
  });

  it('refuses what is no serial, and serials that nobody has', async () => {
    await expect(revoke(host.client(), 'none of it')).rejects.toMatchObject({ name: 'InvalidRequestException' });
    await expect(revoke(host.client(), '4afe')).rejects.toMatchObject({ name: 'ResourceNotFoundException' });
    await expect(revoke(host.client(), '4afe', 'BOREDOM' as 'SUPERSEDED')).rejects.toMatchObject({
      name: 'ValidationException',
    });
  });

  it('keeps the certificates of an account from other accounts', async () => {
    const arn = await issue(host.client());
    const other = host.client(OTHER_ACCOUNT);
    await expect(revoke(other, serialOf(arn))).rejects.toMatchObject({ name: 'ResourceNotFoundException' });
    await expect(get(other, arn)).rejects.toMatchObject({ name: 'ResourceNotFoundException' });
    const renamed = `${await authorityOf(other)}/certificate/${serialOf(arn)}`;
    await expect(get(other, renamed)).rejects.toMatchObject({ name: 'ResourceNotFoundException' });
    expect(host.authority.revocationOf(serialOf(arn))).toBeUndefined();
  });

  it('keeps certificates of hosts from everybody', async () => {
    const held = await host.authority.issue({
      ...{ commonName: 'use1-az1', names: [], use: 'server-and-client', holder: 'host use1-az1', requestId: 'enrol' },
      publicKey: publicKeyPem(await newPrivateKey()),
      notAfter: Date.now() + 60_000,
    });
    await expect(revoke(host.client(), held.serial)).rejects.toMatchObject({ name: 'ResourceNotFoundException' });
  });
});

describe('GetCertificate', () => {
  it('refuses ARNs that are none', async () => {
    const client = host.client();
    const CertificateAuthorityArn = await authorityOf(client);
    const ask = (CertificateArn: string) =>
      client.send(new GetCertificateCommand({ CertificateAuthorityArn, CertificateArn }));
    await expect(ask(CertificateAuthorityArn)).rejects.toMatchObject({ name: 'InvalidArnException' });
    await expect(ask(`${CertificateAuthorityArn}/certificate/4afe`)).rejects.toMatchObject({
      name: 'ResourceNotFoundException',
    });
  });
});
