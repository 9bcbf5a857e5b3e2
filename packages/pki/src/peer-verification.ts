/**
 * Is this peer who it must be? The chain up to a root we trust, by this host's clock, not revoked, and the identity in
 * the leaf (RFC 5280, 6.1, for the three certificates of our own chains). OpenSSL checks chains as well; this check
 * comes first, because it knows revocation, roles and this host's clock, and can name the alert for each refusal.
 */
import type { X509Certificate } from 'node:crypto';
import { type PeerIdentity, readIdentityUri } from './identity-uri.ts';

/** Alerts of TLS by their number (RFC 8446, 6). */
export const TLS_ALERTS = {
  bad_certificate: 42,
  certificate_revoked: 44,
  certificate_expired: 45,
  unknown_ca: 48,
  access_denied: 49,
} as const;
export type TlsAlert = keyof typeof TLS_ALERTS;

/** A peer is refused; `alert` is what it is told. */
export class PeerRefused extends Error {
  override readonly name = 'PeerRefused';
  readonly alert: TlsAlert;
  constructor(alert: TlsAlert, message: string) {
    super(message);
    this.alert = alert;
  }
}

export interface Trust {
  readonly partition: string;
  readonly roots: readonly X509Certificate[];
  /** Serial numbers, upper-case hexadecimal. */
  readonly revoked: ReadonlySet<string>;
}

export interface VerifiedPeer extends PeerIdentity {
  readonly serial: string;
  /** Until when every certificate of the chain is valid, in ms since the epoch. */
  readonly notAfter: number;
}

/** Leaf, intermediate, root. */
const CHAIN_LENGTH_MAX = 3;
const USES = { client: '1.3.6.1.5.5.7.3.2', server: '1.3.6.1.5.5.7.3.1' } as const;

/**
 * Verifies the chain a peer presented, leaf first; `now` in ms since the epoch.
 * @throws PeerRefused
 */
export function verifyPeer(leaf: X509Certificate, use: 'client' | 'server', trust: Trust, now: number): VerifiedPeer {
  const chain = chainToRoot(leaf, trust);
  for (const certificate of chain) assertCurrent(certificate, now);
  const revoked = chain.find(({ serialNumber }) => trust.revoked.has(serialNumber));
  if (revoked !== undefined) throw new PeerRefused('certificate_revoked', `${nameOf(revoked)} is revoked`);
  if (leaf.ca || !leaf.keyUsage?.includes(USES[use])) {
    throw new PeerRefused('bad_certificate', `${nameOf(leaf)} is not for a ${use}`);
  }
  const identity = identityOf(leaf);
  if (identity === undefined || identity.partition !== trust.partition) {
    throw new PeerRefused('access_denied', `${nameOf(leaf)} names nobody of this partition`);
  }
  const notAfter = Math.min(...chain.map(({ validToDate }) => validToDate.getTime()));
  return { ...identity, serial: leaf.serialNumber, notAfter };
}

function chainToRoot(leaf: X509Certificate, { roots }: Trust): X509Certificate[] {
  const chain = [leaf];
  let last = leaf;
  for (;;) {
    const root = roots.find(each => isIssuedBy(last, each));
    if (root !== undefined) return [...chain, root];
    const next = last.issuerCertificate;
    if (next === undefined || chain.length === CHAIN_LENGTH_MAX - 1 || !next.ca || !isIssuedBy(last, next)) {
      throw new PeerRefused('unknown_ca', `${nameOf(leaf)} does not lead to a root of this partition`);
    }
    chain.push(next);
    last = next;
  }
}

const isIssuedBy = (certificate: X509Certificate, issuer: X509Certificate): boolean =>
  certificate.checkIssued(issuer) && certificate.verify(issuer.publicKey);

function assertCurrent(certificate: X509Certificate, now: number): void {
  const { validFromDate, validToDate } = certificate;
  if (now > validToDate.getTime()) {
    throw new PeerRefused('certificate_expired', `${nameOf(certificate)} expired at ${validToDate.toISOString()}`);
  }
  if (now < validFromDate.getTime()) {
    throw new PeerRefused(
      'certificate_expired',
      `${nameOf(certificate)} is not valid before ${validFromDate.toISOString()}`,
    );
  }
}

/** The identity in a certificate's subject alternative names; undefined when there is none, or more than one. */
export function identityOf({ subjectAltName }: X509Certificate): PeerIdentity | undefined {
  const uris = (subjectAltName ?? '').split(', ').filter(name => name.startsWith('URI:'));
  return uris.length === 1 ? readIdentityUri(uris[0]!.slice('URI:'.length)) : undefined;
}

const nameOf = ({ subject, serialNumber }: X509Certificate): string =>
  `the certificate ${serialNumber} (${subject.replaceAll('\n', ', ')})`;
