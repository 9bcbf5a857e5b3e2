/** Describes the region's authority. */
import { operation } from '@stormglass/service-kit';
import { requireAuthority } from '../arns.ts';
import { describeAuthority } from '../authority-description.ts';
import type { AcmPcaClient, AcmPcaDeps } from '../deps.ts';

export const describeCertificateAuthority = operation<AcmPcaClient, 'DescribeCertificateAuthority', AcmPcaDeps>({
  name: 'DescribeCertificateAuthority',
  state: 'local-read',
  permission: { resource: ({ CertificateAuthorityArn }) => CertificateAuthorityArn },
  async handle({ CertificateAuthorityArn }, call, deps) {
    requireAuthority(CertificateAuthorityArn, call);
    return { CertificateAuthority: await describeAuthority(call, deps) };
  },
});
