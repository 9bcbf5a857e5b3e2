/**
 * The certificate authority's API, as hosts see it: JSON over HTTP on its internal TLS port. A host without a
 * certificate may only enrol; everything else asks for one. The authority can be away: what is issued stays valid.
 */
import type { EnrolmentRequest, IssuedChain, Revocation, RevocationReason, TrustBundle } from '@stormglass/pki';

/** `host`: who the host is, on internal connections. `endpoint`: the names of the region, for clients. */
export const ENROLMENTS = ['host', 'endpoint'] as const;
export type Enrolment = (typeof ENROLMENTS)[number];

/** Paths on the authority's port. */
export const AUTHORITY = {
  /** POST `EnrolmentRequest`, answers `IssuedChain`; needs no certificate. */
  enrol: (enrolment: Enrolment) => `/enrol/${enrolment}`,
  /** GET, answers `AuthorityTrust`; needs no certificate. */
  trust: '/trust',
  /** GET, answers `AuthorityCertificates`. */
  certificates: '/authority',
  /** POST `CustomerRequest`, answers `IssuedChain`. */
  issue: '/certificates',
  /** GET, answers `CustomerCertificate`; 404 when there is none. */
  certificate: (serial: string) => `/certificates/${serial}`,
  /** POST `{ reason }`, answers `Revocation`. */
  revoke: (serial: string) => `/certificates/${serial}/revocation`,
  /** GET, answers PEM. */
  revocationLists: '/revocation-lists',
} as const;

export interface AuthorityTrust extends TrustBundle {
  /** Grows when the intermediate is rotated: certificates of an older one should be renewed. */
  readonly generation: number;
}

export interface AuthorityCertificates {
  /** The certificate that signs, PEM. */
  readonly intermediate: string;
  /** PEM. */
  readonly root: string;
}

/** A certificate for somebody outside the region. */
export interface CustomerRequest {
  /** PKCS #10, PEM or base64 of DER. */
  readonly csr: string;
  readonly use: 'server' | 'client' | 'server-and-client';
  /** In ms since the epoch; `notBefore` is a little before now unless given. */
  readonly notBefore?: number;
  readonly notAfter: number;
  /** Who asked, in words: `acm-pca 000000000000`, `acme account 17`. */
  readonly holder: string;
  /** Equal for all attempts of one request. */
  readonly requestId: string;
}

export interface CustomerCertificate extends IssuedChain {
  readonly revocation?: Revocation;
}

/** What services that issue certificates ask; each rejects with `AuthorityError`. */
export interface CertificateIssuer {
  certificates(): Promise<AuthorityCertificates>;
  /** Error codes: `MalformedRequest`, `LedgerFull`. */
  issue(request: CustomerRequest): Promise<IssuedChain>;
  /** Error code: `UnknownCertificate`. */
  find(serial: string): Promise<CustomerCertificate>;
  /** Error code: `UnknownCertificate`. */
  revoke(serial: string, reason: RevocationReason): Promise<Revocation>;
  revocationLists(): Promise<string>;
}

export type AuthorityErrorCode =
  /** It cannot be reached; nothing is known to have changed, and a repeated request does no harm. */
  'Unavailable' | 'MalformedRequest' | 'UnknownCertificate' | 'LedgerFull' | 'Refused';

export class AuthorityError extends Error {
  override readonly name = 'AuthorityError';
  readonly code: AuthorityErrorCode;
  constructor(code: AuthorityErrorCode, message: string, options?: ErrorOptions) {
    super(message, options);
    this.code = code;
  }
}

export type { EnrolmentRequest, IssuedChain, RevocationReason };
