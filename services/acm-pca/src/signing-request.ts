/** The certificate signing request of a caller: readable, signed with its own key, and claiming nothing internal. */
import { createPublicKey } from 'node:crypto';
import { claimsIdentity, MalformedRequest, readSigningRequest } from '@stormglass/pki';
import { invalidArgs, malformedCsr } from './errors.ts';

const RSA_BITS_MIN = 2048;
const NAMES_MAX = 100;

/**
 * The request as PEM or base64 of DER, checked.
 * @throws AwsError MalformedCSRException, InvalidArgsException
 */
export async function requireSigningRequest(csr: Uint8Array): Promise<string> {
  const bytes = Buffer.from(csr);
  const isPem = bytes.includes('-----BEGIN');
  const request = await read(isPem ? bytes.toString('latin1') : bytes);
  const { asymmetricKeyType, asymmetricKeyDetails } = createPublicKey(request.publicKey);
  if (asymmetricKeyType === 'rsa' && (asymmetricKeyDetails?.modulusLength ?? 0) < RSA_BITS_MIN) {
    throw malformedCsr(`The RSA key of the CSR is shorter than ${RSA_BITS_MIN} bits.`);
  }
  if (request.commonName === '' && request.names.length === 0) throw malformedCsr('The CSR names nobody.');
  if (request.names.length > NAMES_MAX) throw invalidArgs(`The CSR has more than ${NAMES_MAX} names.`);
  const claimed = request.names.find(({ type, value }) => type === 'url' && claimsIdentity(value));
  if (claimed !== undefined) {
    throw invalidArgs(`The name ${claimed.value.slice(0, 200)} belongs to the region and is issued to nobody else.`);
  }
  return isPem ? bytes.toString('latin1') : bytes.toString('base64');
}

async function read(csr: string | Uint8Array) {
  try {
    return await readSigningRequest(csr);
  } catch (error) {
    if (error instanceof MalformedRequest) throw malformedCsr(error.message, error);
    throw error;
  }
}
