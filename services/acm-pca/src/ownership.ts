/** Whose a certificate is: only the account that had it issued may fetch or revoke it. */
import type { CustomerCertificate } from '@stormglass/contracts';
import type { Call } from '@stormglass/service-kit';
import type { AcmPcaDeps } from './deps.ts';
import { asked, certificateNotFound } from './errors.ts';

/** What the authority's ledger says of certificates of an account. */
export const holderOf = ({ accountId }: Pick<Call, 'accountId'>): string => `acm-pca ${accountId}`;

/**
 * The caller's certificate with this serial; one of somebody else is as unknown as one that never was.
 * @throws AwsError ResourceNotFoundException, ServiceUnavailable
 */
export async function ownCertificate(
  serial: string,
  what: string,
  call: Call,
  deps: AcmPcaDeps,
): Promise<CustomerCertificate> {
  const found = await asked(deps.issuer.find(serial), what);
  if (found.holder !== holderOf(call)) throw certificateNotFound(what);
  return found;
}
