/** Hands out the certificate of the authority and the root that signed it. */
import { operation } from '@stormglass/service-kit';
import { requireAuthority } from '../arns.ts';
import type { AcmPcaClient, AcmPcaDeps } from '../deps.ts';
import { asked } from '../errors.ts';
import { pemText } from '../pem-text.ts';

export const getCertificateAuthorityCertificate = operation<
  AcmPcaClient,
  'GetCertificateAuthorityCertificate',
  AcmPcaDeps
>({
  name: 'GetCertificateAuthorityCertificate',
  state: 'local-read',
  permission: { resource: ({ CertificateAuthorityArn }) => CertificateAuthorityArn },
  async handle({ CertificateAuthorityArn }, call, { issuer }) {
    requireAuthority(CertificateAuthorityArn, call);
    const { intermediate, root } = await asked(issuer.certificates(), CertificateAuthorityArn);
    return { Certificate: pemText(intermediate), CertificateChain: pemText(root) };
  },
});
