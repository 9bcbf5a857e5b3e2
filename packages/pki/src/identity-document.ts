/**
 * How a host without a certificate says who it is. Whoever powers it on gives it an *instance identity document*: what
 * and where it is, signed by the platform (EC2 User Guide, "Instance identity documents"). The host sends it with its
 * new public key and a signature by the private one over both: proof that it holds the key (as a PKCS #10 request has it).
 */
import { generateKeyPairSync, sign, verify } from 'node:crypto';
import type { AuthorityDisk } from './authority-disk.ts';
import type { PeerIdentity } from './identity-uri.ts';

export interface IdentityDocument extends PeerIdentity {
  /** Changes each time the host is powered on. */
  readonly instanceId: string;
  /** In ms since the epoch. */
  readonly poweredOnAt: number;
}

/** A document as text, and the platform's Ed25519 signature over it in base64. */
export interface SignedIdentityDocument {
  readonly document: string;
  readonly signature: string;
}

/** What a host sends to the certificate authority. */
export interface EnrolmentRequest extends SignedIdentityDocument {
  /** SPKI in PEM. */
  readonly publicKey: string;
  /** By the private key, over document and public key, in base64. */
  readonly proof: string;
}

/** The platform's Ed25519 key (PEM), which signs identity documents; made when there is none on this disk. */
export function platformKeyOn(disk: AuthorityDisk): string {
  const stored = disk.read(PLATFORM_KEY);
  if (stored !== undefined) return stored;
  const { privateKey } = generateKeyPairSync('ed25519');
  const key = privateKey.export({ type: 'pkcs8', format: 'pem' }).toString();
  disk.write(PLATFORM_KEY, key);
  return key;
}

const PLATFORM_KEY = 'platform.pem';

/** Signs a document with the platform's Ed25519 key (PEM). */
export function signIdentityDocument(document: IdentityDocument, platformKey: string): SignedIdentityDocument {
  const text = JSON.stringify(document);
  return { document: text, signature: sign(null, Buffer.from(text), platformKey).toString('base64') };
}

const proven = ({ document }: SignedIdentityDocument, publicKey: string): Buffer =>
  Buffer.from(`${document}\n${publicKey}`);

/** A request for a certificate over `publicKey`, whose private half is `privateKey` (PEM both). */
export function requestEnrolment(
  document: SignedIdentityDocument,
  publicKey: string,
  privateKey: string,
): EnrolmentRequest {
  const proof = sign('sha256', proven(document, publicKey), privateKey).toString('base64');
  return { document: document.document, signature: document.signature, publicKey, proof };
}

/** Why a request for a certificate is refused. */
export class EnrolmentRefused extends Error {
  override readonly name = 'EnrolmentRefused';
}

/**
 * Reads a request and checks both signatures against the platform's public key (PEM).
 * @throws EnrolmentRefused
 */
export function readEnrolment(request: EnrolmentRequest, platformPublicKey: string): IdentityDocument {
  const { document, signature, publicKey, proof } = request;
  if (![document, signature, publicKey, proof].every(text => typeof text === 'string')) {
    throw new EnrolmentRefused('the request is not complete');
  }
  if (!verify(null, Buffer.from(document), platformPublicKey, Buffer.from(signature, 'base64'))) {
    throw new EnrolmentRefused('the instance identity document was not signed by the platform');
  }
  if (!holdsKey(request)) throw new EnrolmentRefused('the request was not signed with the key it names');
  return JSON.parse(document) as IdentityDocument;
}

function holdsKey(request: EnrolmentRequest): boolean {
  try {
    return verify(
      'sha256',
      proven(request, request.publicKey),
      request.publicKey,
      Buffer.from(request.proof, 'base64'),
    );
  } catch {
    return false;
  }
}
