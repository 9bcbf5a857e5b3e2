/** Revokes a certificate of the caller's account. */
import type { RevocationReason } from '@aws-sdk/client-acm-pca';
import type { RevocationReason as Reason } from '@stormglass/contracts';
import { operation } from '@stormglass/service-kit';
import { requireAuthority } from '../arns.ts';
import type { AcmPcaClient, AcmPcaDeps } from '../deps.ts';
import { alreadyRevoked, asked, invalidRequest } from '../errors.ts';
import { ownCertificate } from '../ownership.ts';

const REASONS: Readonly<Record<RevocationReason, Reason>> = {
  UNSPECIFIED: 'unspecified',
  KEY_COMPROMISE: 'keyCompromise',
  CERTIFICATE_AUTHORITY_COMPROMISE: 'cACompromise',
  AFFILIATION_CHANGED: 'affiliationChanged',
  SUPERSEDED: 'superseded',
  CESSATION_OF_OPERATION: 'cessationOfOperation',
  PRIVILEGE_WITHDRAWN: 'privilegeWithdrawn',
  A_A_COMPROMISE: 'aACompromise',
};

export const revokeCertificate = operation<AcmPcaClient, 'RevokeCertificate', AcmPcaDeps>({
  name: 'RevokeCertificate',
  state: 'write',
  permission: { resource: ({ CertificateAuthorityArn }) => CertificateAuthorityArn },
  async handle({ CertificateAuthorityArn, CertificateSerial, RevocationReason }, call, deps) {
    requireAuthority(CertificateAuthorityArn, call);
    const serial = plainSerial(CertificateSerial);
    const { revocation } = await ownCertificate(serial, CertificateSerial, call, deps);
    if (revocation !== undefined) throw alreadyRevoked();
    await asked(deps.issuer.revoke(serial, REASONS[RevocationReason]), CertificateSerial);
    return {};
  },
});

/** Hexadecimal, in pairs with colons between them or not; a leading `0x` or zeros are how some tools print serials. */
function plainSerial(text: string): string {
  const digits = text.replace(/^0x/i, '').replaceAll(':', '');
  if (!/^[0-9a-f]{1,40}$/i.test(digits)) {
    throw invalidRequest(`The serial number ${text} is not valid: it must be hexadecimal.`);
  }
  return digits.replace(/^0+(?=.)/, '').toUpperCase();
}
