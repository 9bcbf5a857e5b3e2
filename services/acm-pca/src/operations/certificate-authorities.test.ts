import {
  DescribeCertificateAuthorityCommand,
  GetCertificateAuthorityCertificateCommand,
  ListCertificateAuthoritiesCommand,
} from '@aws-sdk/client-acm-pca';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type AcmPcaHost, authorityOf, OTHER_ACCOUNT, startAcmPcaHost } from '../testing/acm-pca-host.ts';

let host: AcmPcaHost;
beforeAll(async () => {
  host = await startAcmPcaHost();
});
afterAll(() => host.close());

describe('the authority of an account', () => {
  it('is listed and described, the same from everywhere', async () => {
    const client = host.client();
    const { CertificateAuthorities } = await client.send(new ListCertificateAuthoritiesCommand({}));
    const [listed] = CertificateAuthorities!;
    expect(listed).toMatchObject({
      OwnerAccount: '123456789012',
      Type: 'SUBORDINATE',
      Status: 'ACTIVE',
      CertificateAuthorityConfiguration: {
        KeyAlgorithm: 'EC_prime256v1',
        SigningAlgorithm: 'SHA256WITHECDSA',
        Subject: { CommonName: 'Stormglass us-east-1 1' },
      },
    });
    const CertificateAuthorityArn = listed!.Arn!;
    const { CertificateAuthority } = await client.send(
      new DescribeCertificateAuthorityCommand({ CertificateAuthorityArn }),
    );
    expect(CertificateAuthority).toEqual(listed);
    expect(await authorityOf(host.client(OTHER_ACCOUNT))).toBe(
      CertificateAuthorityArn.replace('123456789012', OTHER_ACCOUNT),
    );
  });

  it('has a certificate under the root', async () => {
    const client = host.client();
    const { Certificate, CertificateChain } = await client.send(
      new GetCertificateAuthorityCertificateCommand({ CertificateAuthorityArn: await authorityOf(client) }),
    );
    expect([Certificate, CertificateChain]).toEqual([host.authority.intermediate.trim(), host.authority.root.trim()]);
  });

  it('is the only one', async () => {
    const client = host.client();
    const others = await client.send(new ListCertificateAuthoritiesCommand({ ResourceOwner: 'OTHER_ACCOUNTS' }));
    expect(others.CertificateAuthorities).toEqual([]);
    await expect(client.send(new ListCertificateAuthoritiesCommand({ NextToken: 'x' }))).rejects.toMatchObject({
      name: 'InvalidNextTokenException',
    });
    const CertificateAuthorityArn = await authorityOf(host.client(OTHER_ACCOUNT));
    await expect(
      client.send(new DescribeCertificateAuthorityCommand({ CertificateAuthorityArn })),
    ).rejects.toMatchObject({ name: 'ResourceNotFoundException' });
  });
});
