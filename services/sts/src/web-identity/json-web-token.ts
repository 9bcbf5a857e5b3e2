/** JSON Web Tokens (RFC 7519) in their compact form: taken apart, and their signatures checked (RFC 7515, RFC 7518). */
import { constants, createPublicKey, type JsonWebKeyInput, type KeyObject, verify } from 'node:crypto';

export interface JsonWebToken {
  readonly algorithm: string;
  readonly keyId: string | undefined;
  readonly claims: Readonly<Record<string, unknown>>;
  /** What is signed. */
  readonly signed: Buffer;
  readonly signature: Buffer;
}

interface Algorithm {
  readonly hash: string;
  readonly keyType: 'rsa' | 'ec';
  /** Named curve of an `ec` key, as OpenSSL calls it. */
  readonly curve?: string;
  readonly padding?: number;
}

const PSS = constants.RSA_PKCS1_PSS_PADDING;

/** What IAM takes, and the stronger hashes of the same families; neither `none` nor secrets shared with a client. */
const ALGORITHMS: Readonly<Record<string, Algorithm>> = {
  RS256: { hash: 'sha256', keyType: 'rsa' },
  RS384: { hash: 'sha384', keyType: 'rsa' },
  RS512: { hash: 'sha512', keyType: 'rsa' },
  PS256: { hash: 'sha256', keyType: 'rsa', padding: PSS },
  ES256: { hash: 'sha256', keyType: 'ec', curve: 'prime256v1' },
  ES384: { hash: 'sha384', keyType: 'ec', curve: 'secp384r1' },
};

const RSA_BITS_MIN = 2048;
const SEGMENT = /^[A-Za-z0-9_-]+$/;

/** Undefined for what is not a signed token; nothing in it is verified yet. */
export function parseToken(text: string): JsonWebToken | undefined {
  const [head = '', body = '', signature = '', ...rest] = text.split('.');
  if (rest.length > 0 || ![head, body, signature].every(segment => SEGMENT.test(segment))) return undefined;
  const header = jsonObject(head);
  const claims = jsonObject(body);
  if (header === undefined || claims === undefined || typeof header.alg !== 'string') return undefined;
  // Extensions that must be understood are not (RFC 7515, 4.1.11).
  if (header.crit !== undefined) return undefined;
  return {
    algorithm: header.alg,
    keyId: typeof header.kid === 'string' ? header.kid : undefined,
    claims,
    signed: Buffer.from(`${head}.${body}`),
    signature: Buffer.from(signature, 'base64url'),
  };
}

function jsonObject(segment: string): Readonly<Record<string, unknown>> | undefined {
  try {
    const value: unknown = JSON.parse(Buffer.from(segment, 'base64url').toString());
    return isObject(value) ? value : undefined;
  } catch {
    return undefined;
  }
}

export const isObject = (value: unknown): value is Readonly<Record<string, unknown>> =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

/** A key of an issuer that may check signatures. */
export interface VerificationKey {
  readonly id: string | undefined;
  /** When the issuer ties it to one. */
  readonly algorithm: string | undefined;
  readonly key: KeyObject;
}

/** The key in a JSON Web Key (RFC 7517); undefined for anything that no token may be checked with. */
export function verificationKey(jwk: unknown): VerificationKey | undefined {
  if (!isObject(jwk) || (jwk.use !== undefined && jwk.use !== 'sig')) return undefined;
  if (jwk.kty !== 'RSA' && jwk.kty !== 'EC') return undefined;
  try {
    const key = createPublicKey({ key: jwk as JsonWebKeyInput['key'], format: 'jwk' });
    if ((key.asymmetricKeyDetails?.modulusLength ?? RSA_BITS_MIN) < RSA_BITS_MIN) return undefined;
    return { id: textOrNone(jwk.kid), algorithm: textOrNone(jwk.alg), key };
  } catch {
    return undefined;
  }
}

const textOrNone = (value: unknown): string | undefined => (typeof value === 'string' ? value : undefined);

/** Whether tokens with this algorithm can be checked at all. */
export const isKnownAlgorithm = (algorithm: string): boolean => Object.hasOwn(ALGORITHMS, algorithm);

/** Whether a key is of the kind that a token says it was signed with: a token does not get to choose how it is read. */
export function fits({ algorithm, keyId }: JsonWebToken, { id, algorithm: only, key }: VerificationKey): boolean {
  const wanted = ALGORITHMS[algorithm];
  if (wanted === undefined || (only !== undefined && only !== algorithm)) return false;
  if (keyId !== undefined && id !== keyId) return false;
  if (key.asymmetricKeyType !== wanted.keyType) return false;
  return wanted.curve === undefined || key.asymmetricKeyDetails?.namedCurve === wanted.curve;
}

/** Whether the token was signed with this key, which `fits` it. */
export function isSignedBy({ algorithm, signed, signature }: JsonWebToken, { key }: VerificationKey): boolean {
  const { hash, padding } = ALGORITHMS[algorithm]!;
  const saltLength = padding === undefined ? {} : { padding, saltLength: constants.RSA_PSS_SALTLEN_DIGEST };
  return verify(hash, signed, { key, dsaEncoding: 'ieee-p1363', ...saltLength }, signature);
}
