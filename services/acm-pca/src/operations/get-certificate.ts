/** Hands out a certificate of the caller's account, with the chain up to the root. */
import { operation } from '@stormglass/service-kit';
import { requireAuthority, requireSerial } from '../arns.ts';
import type { AcmPcaClient, AcmPcaDeps } from '../deps.ts';
import { asked } from '../errors.ts';
import { ownCertificate } from '../ownership.ts';
import { pemText } from '../pem-text.ts';

export const getCertificate = operation<AcmPcaClient, 'GetCertificate', AcmPcaDeps>({
  name: 'GetCertificate',
  state: 'local-read',
  permission: { resource: ({ CertificateAuthorityArn }) => CertificateAuthorityArn },
  async handle({ CertificateAuthorityArn, CertificateArn }, call, deps) {
    requireAuthority(CertificateAuthorityArn, call);
    const serial = requireSerial(CertificateArn, call);
    const { certificate, chain } = await ownCertificate(serial, CertificateArn, call, deps);
    const { root } = await asked(deps.issuer.certificates(), CertificateArn);
    return { Certificate: pemText(certificate), CertificateChain: pemText(...chain, root) };
  },
});
