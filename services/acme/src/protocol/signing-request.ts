/** The signing request of an order (RFC 8555, 7.4): it asks for exactly the order's identifiers, with a key of its own. */
import { createPublicKey } from 'node:crypto';
import { MalformedRequest, readSigningRequest, type SigningRequest } from '@stormglass/pki';
import { exportJWK } from 'jose';
import type { Identifier } from '../state/records.ts';
import { canonicalAddress } from './identifiers.ts';
import { type AccountKey, accountKey } from './jws.ts';
import { AcmeProblem, malformed } from './problem.ts';

const CURVES = ['prime256v1', 'secp384r1'];
const RSA_BITS = { min: 2048, max: 8192 };
const CSR_LENGTH_MAX = 64 * 1024;

/**
 * Checks a request in base64url of DER; answers it in base64.
 * @throws AcmeProblem malformed, badCSR
 */
export async function requireSigningRequest(
  csr: unknown,
  identifiers: readonly Identifier[],
  account: Pick<AccountKey, 'thumbprint'>,
): Promise<string> {
  if (typeof csr !== 'string' || !/^[\w-]+$/.test(csr) || csr.length > CSR_LENGTH_MAX) {
    throw malformed('The csr is not base64url of DER.');
  }
  const der = Buffer.from(csr, 'base64url');
  const request = await read(der);
  await requireGoodKey(request.publicKey, account);
  const asked = namesOf(request);
  const ordered = new Set(identifiers.map(({ type, value }) => `${type} ${value}`));
  if (asked.size !== ordered.size || [...asked].some(name => !ordered.has(name))) {
    throw badCsr(`The CSR is for ${[...asked].join(', ').slice(0, 500)}, and the order for other identifiers.`);
  }
  return der.toString('base64');
}

async function read(der: Buffer): Promise<SigningRequest> {
  try {
    return await readSigningRequest(der);
  } catch (error) {
    if (error instanceof MalformedRequest) throw badCsr(error.message, error);
    throw error;
  }
}

async function requireGoodKey(publicKey: string, account: Pick<AccountKey, 'thumbprint'>): Promise<void> {
  const key = createPublicKey(publicKey);
  const { asymmetricKeyType: type, asymmetricKeyDetails: details = {} } = key;
  const bits = details.modulusLength ?? 0;
  const isGood =
    type === 'rsa' ? bits >= RSA_BITS.min && bits <= RSA_BITS.max : CURVES.includes(details.namedCurve ?? '');
  if (!isGood) throw badCsr('The key must be RSA of 2048 to 8192 bits, P-256 or P-384.');
  const { thumbprint } = await accountKey(await exportJWK(key));
  if (thumbprint === account.thumbprint) throw badCsr('The key of the certificate must not be that of the account.');
}

/** Everything the request names, the common name included, as `dns web.example`. */
function namesOf({ commonName, names }: SigningRequest): Set<string> {
  const asked = names.map(({ type, value }) => {
    if (type === 'url') throw badCsr('URIs are not certified.');
    return type === 'ip' ? `ip ${canonicalAddress(value) ?? value}` : `dns ${value.toLowerCase()}`;
  });
  const common = commonName.toLowerCase();
  if (common !== '') asked.push(canonicalAddress(common) === undefined ? `dns ${common}` : `ip ${common}`);
  return new Set(asked);
}

const badCsr = (detail: string, cause?: unknown): AcmeProblem => new AcmeProblem('badCSR', detail, { cause });
