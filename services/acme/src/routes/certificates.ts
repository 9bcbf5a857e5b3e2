/** What becomes of certificates: revocation (RFC 8555, 7.6), and when to renew them (RFC 9773). */
import { X509Certificate } from 'node:crypto';
import { AuthorityError, type CustomerCertificate, type RevocationReason } from '@stormglass/contracts';
import { REVOCATION_REASONS } from '@stormglass/pki';
import { exportJWK } from 'jose';
import { holderOf } from '../issuing.ts';
import { accountKey } from '../protocol/jws.ts';
import { AcmeProblem, malformed, notFound, unauthorized, unavailable } from '../protocol/problem.ts';
import type { SignedRequest } from '../request.ts';
import { type AcmeAnswer, type AcmeCall, type AcmeDeps, type AcmeRoute, date, requirePayload } from '../route.ts';

export const certificateRoutes: readonly AcmeRoute[] = [
  { method: 'POST', path: '/revoke-cert', signedBy: 'either', handle: revoke },
  { method: 'GET', path: '/renewal-info/:id', handle: renewalInfo },
];

const DER_LENGTH_MAX = 64 * 1024;
/** Reasons that are about an authority are not for those who hold certificates. */
const REASONS = new Map<unknown, RevocationReason>(
  (['unspecified', 'keyCompromise', 'affiliationChanged', 'superseded', 'cessationOfOperation'] as const).map(
    reason => [REVOCATION_REASONS[reason], reason],
  ),
);

async function revoke(signed: SignedRequest, _call: AcmeCall, deps: AcmeDeps): Promise<AcmeAnswer> {
  const { certificate: der, reason: code = 0 } = requirePayload(signed);
  const reason = REASONS.get(code);
  if (reason === undefined) {
    throw new AcmeProblem('badRevocationReason', `The reason is one of ${[...REASONS.keys()].join(', ')}.`);
  }
  const certificate = readCertificate(der);
  const found = await find(certificate.serialNumber, deps);
  if (found === undefined || !new X509Certificate(found.certificate).raw.equals(certificate.raw)) {
    throw notFound('certificate of ours like that');
  }
  await requireRight(signed, certificate, found);
  if (found.revocation !== undefined) throw new AcmeProblem('alreadyRevoked', 'The certificate is revoked already.');
  await asked(deps.issuer.revoke(found.serial, reason));
  return { status: 200 };
}

/** The account that ordered the certificate may revoke it, and whoever has its key. */
async function requireRight(
  { key, account }: SignedRequest,
  certificate: X509Certificate,
  { holder }: CustomerCertificate,
): Promise<void> {
  if (account !== undefined && holder === holderOf(account.id)) return;
  if (account === undefined && holder.startsWith(holderOf(''))) {
    const { thumbprint } = await accountKey(await exportJWK(certificate.publicKey));
    if (thumbprint === key.thumbprint) return;
  }
  throw unauthorized('The certificate is not yours to revoke.');
}

function readCertificate(der: unknown): X509Certificate {
  if (typeof der !== 'string' || der.length > DER_LENGTH_MAX)
    throw malformed('The certificate is not base64url of DER.');
  try {
    return new X509Certificate(Buffer.from(der, 'base64url'));
  } catch (cause) {
    throw malformed('The certificate cannot be read.', cause);
  }
}

/** Renewal begins when two thirds of a certificate's life are over, and is spread over a tenth of it. */
const RENEWAL_FROM = 2 / 3;
const RENEWAL_SPREAD = 1 / 10;
const RETRY_AFTER_S = 6 * 3600;
/** What stands before the key identifier of the issuer in a certificate: id-ce-authorityKeyIdentifier. */
const AUTHORITY_KEY = Buffer.from('0603551d23', 'hex');

async function renewalInfo({ params }: AcmeCall, deps: AcmeDeps): Promise<AcmeAnswer> {
  const [, issuer, serial] = /^([\w-]{1,86})\.([\w-]{1,40})$/.exec(params.id ?? '') ?? [];
  if (issuer === undefined || serial === undefined) throw malformed('The certificate is named by issuer and serial.');
  const digits = Buffer.from(serial, 'base64url').toString('hex').replace(/^00/, '');
  const found = await find(digits, deps);
  const certificate = found && new X509Certificate(found.certificate);
  const isOurs = certificate !== undefined && issuedBy(certificate, Buffer.from(issuer, 'base64url'));
  if (found === undefined || !isOurs) throw notFound('certificate of ours like that');
  const from = certificate.validFromDate.getTime();
  const life = certificate.validToDate.getTime() - from;
  // One that is revoked should have been replaced already.
  const start =
    found.revocation === undefined ? from + life * RENEWAL_FROM : found.revocation.at - life * RENEWAL_SPREAD;
  return {
    status: 200,
    headers: { 'retry-after': String(RETRY_AFTER_S) },
    body: { suggestedWindow: { start: date(start), end: date(start + life * RENEWAL_SPREAD) } },
  };
}

/** Whether the certificate says of its issuer that it has this key. */
function issuedBy({ raw }: X509Certificate, keyIdentifier: Buffer): boolean {
  const at = raw.indexOf(AUTHORITY_KEY);
  const octets = Buffer.concat([Buffer.of(0x80, keyIdentifier.length), keyIdentifier]);
  const from = at + AUTHORITY_KEY.length;
  return at > 0 && raw.subarray(from, from + octets.length + 6).includes(octets);
}

async function find(serial: string, { issuer }: AcmeDeps): Promise<CustomerCertificate | undefined> {
  try {
    return await asked(issuer.find(serial));
  } catch (error) {
    if (error instanceof AuthorityError && error.code === 'UnknownCertificate') return undefined;
    throw error;
  }
}

async function asked<T>(answer: Promise<T>): Promise<T> {
  try {
    return await answer;
  } catch (error) {
    if (!(error instanceof AuthorityError) || error.code !== 'Unavailable') throw error;
    throw unavailable('The certificate authority of the region cannot be reached at the moment.', error);
  }
}
