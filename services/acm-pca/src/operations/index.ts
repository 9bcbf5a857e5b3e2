/**
 * The operations of ACM-PCA. Differences from AWS that belong to one operation stand in its file, as `gaps`; those of
 * the service as a whole are here. `docs/compatibility.md` is generated from both.
 */
import type { AnyOperation } from '@stormglass/service-kit';
import type { AcmPcaDeps } from '../deps.ts';
import { describeCertificateAuthority } from './describe-certificate-authority.ts';
import { getCertificate } from './get-certificate.ts';
import { getCertificateAuthorityCertificate } from './get-certificate-authority-certificate.ts';
import { issueCertificate } from './issue-certificate.ts';
import { listCertificateAuthorities } from './list-certificate-authorities.ts';
import { revokeCertificate } from './revoke-certificate.ts';

export const GAPS: readonly string[] = [
  'Every account has one authority, which is that of the region; it can be neither made, configured nor deleted.',
  'A certificate can be fetched and revoked by the account that had it issued, and by nobody else.',
];

export const OPERATIONS: readonly AnyOperation<AcmPcaDeps>[] = [
  describeCertificateAuthority,
  getCertificate,
  getCertificateAuthorityCertificate,
  issueCertificate,
  listCertificateAuthorities,
  revokeCertificate,
];
