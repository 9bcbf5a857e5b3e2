/** The region's authority as ACM-PCA describes it, read off its certificate. */
import { X509Certificate } from 'node:crypto';
import type { CertificateAuthority } from '@aws-sdk/client-acm-pca';
import type { Call } from '@stormglass/service-kit';
import { authorityArn } from './arns.ts';
import type { AcmPcaDeps } from './deps.ts';
import { asked } from './errors.ts';

/** @throws AwsError ServiceUnavailable */
export async function describeAuthority(call: Call, { issuer }: AcmPcaDeps): Promise<CertificateAuthority> {
  const arn = authorityArn(call);
  const { intermediate } = await asked(issuer.certificates(), arn);
  const certificate = new X509Certificate(intermediate);
  const [, CommonName = ''] = /(?:^|\n)CN=([^\n]*)/.exec(certificate.subject) ?? [];
  return {
    Arn: arn,
    OwnerAccount: call.accountId,
    CreatedAt: certificate.validFromDate,
    LastStateChangeAt: certificate.validFromDate,
    Type: 'SUBORDINATE',
    Serial: certificate.serialNumber.toLowerCase().replace(/..(?!$)/g, '$&:'),
    Status: 'ACTIVE',
    NotBefore: certificate.validFromDate,
    NotAfter: certificate.validToDate,
    CertificateAuthorityConfiguration: {
      KeyAlgorithm: 'EC_prime256v1',
      SigningAlgorithm: 'SHA256WITHECDSA',
      Subject: { CommonName },
    },
    RevocationConfiguration: { CrlConfiguration: { Enabled: false }, OcspConfiguration: { Enabled: false } },
    UsageMode: 'GENERAL_PURPOSE',
  };
}
