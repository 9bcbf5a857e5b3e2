/** Signed requests as bytes: what RFC 8555, 6.2 asks of a JWS, its key and its signature. Knows nothing of accounts. */
import { calculateJwkThumbprint, errors, type FlattenedJWSInput, flattenedVerify, importJWK, type JWK } from 'jose';
import { AcmeProblem, malformed } from './problem.ts';

export const ALGORITHMS = ['ES256', 'ES384', 'RS256', 'EdDSA'] as const;

export interface ProtectedHeader {
  readonly alg: string;
  readonly url: string;
  readonly nonce?: string;
  readonly kid?: string;
  readonly jwk?: JWK;
}

export interface ParsedJws {
  readonly header: ProtectedHeader;
  readonly jws: FlattenedJWSInput & { readonly payload: string };
}

/** A key in the one form that all its spellings have, and its thumbprint (RFC 7638). */
export interface AccountKey {
  readonly jwk: JWK;
  readonly thumbprint: string;
}

/**
 * Reads a JWS in the flattened form; the signature is not looked at.
 * @throws AcmeProblem malformed, badSignatureAlgorithm
 */
export function parseJws(value: unknown): ParsedJws {
  const { protected: head, payload, signature, header, signatures } = record(value) ?? {};
  if (typeof head !== 'string' || typeof payload !== 'string' || typeof signature !== 'string') {
    throw malformed('The request is not a JWS with protected header, payload and signature.');
  }
  if (header !== undefined || signatures !== undefined) {
    throw malformed('The JWS must have one signature and no unprotected header.');
  }
  const read = record(parseJson(Buffer.from(head, 'base64url').toString()));
  if (read === undefined) throw malformed('The protected header is not an object.');
  const { alg, url, nonce, kid, jwk } = read;
  // The payload may not be left unencoded (RFC 8555, 6.2), and there are no other extensions.
  if ('crit' in read || 'b64' in read) throw malformed('Extensions of JWS are not understood.');
  if (!ALGORITHMS.some(each => each === alg)) {
    const members = { algorithms: ALGORITHMS };
    throw new AcmeProblem('badSignatureAlgorithm', `Use one of ${ALGORITHMS.join(', ')}.`, { members });
  }
  if (typeof url !== 'string') throw malformed('The protected header has no url.');
  if ((kid === undefined) === (jwk === undefined)) throw malformed('The JWS must have either kid or jwk.');
  if (kid !== undefined && typeof kid !== 'string') throw malformed('The kid is not a text.');
  if (jwk !== undefined && record(jwk) === undefined) throw malformed('The jwk is not an object.');
  return {
    header: {
      ...{ alg: alg as string, url },
      ...(typeof nonce === 'string' ? { nonce } : {}),
      ...(typeof kid === 'string' ? { kid } : {}),
      ...(jwk === undefined ? {} : { jwk: jwk as JWK }),
    },
    jws: { protected: head, payload, signature },
  };
}

const MEMBERS: Readonly<Record<string, readonly (keyof JWK & string)[]>> = {
  EC: ['crv', 'x', 'y'],
  OKP: ['crv', 'x'],
  RSA: ['e', 'n'],
};
const MEMBER_LENGTH_MAX = 1024;

/** @throws AcmeProblem badPublicKey */
export async function accountKey(jwk: JWK): Promise<AccountKey> {
  const names = Object.hasOwn(MEMBERS, jwk.kty ?? '') ? MEMBERS[jwk.kty!]! : undefined;
  if (names === undefined) throw badKey(`Keys of the type ${String(jwk.kty).slice(0, 20)} are not taken.`);
  if ('d' in jwk) throw badKey('That is a private key.');
  const plain: Record<string, unknown> = { kty: jwk.kty };
  for (const name of names) {
    const value = jwk[name];
    if (typeof value !== 'string' || value.length > MEMBER_LENGTH_MAX) throw badKey(`The key has no good ${name}.`);
    plain[name] = value;
  }
  return { jwk: plain as JWK, thumbprint: await calculateJwkThumbprint(plain as JWK) };
}

/**
 * Checks the signature; answers the payload.
 * @throws AcmeProblem unauthorized when it does not fit, badPublicKey when the key cannot be used with the algorithm
 */
export async function verifyJws({ header, jws }: ParsedJws, { jwk }: AccountKey): Promise<Buffer> {
  try {
    const key = await importJWK(jwk, header.alg);
    const { payload } = await flattenedVerify(jws, key, { algorithms: [header.alg] });
    return Buffer.from(payload);
  } catch (error) {
    if (error instanceof errors.JWSSignatureVerificationFailed) {
      throw new AcmeProblem('unauthorized', 'The signature does not fit the key.', { cause: error });
    }
    if (error instanceof errors.JWSInvalid) throw malformed('The JWS is not valid.', error);
    // The library says in many ways that key and algorithm do not go together, or that the key is too weak.
    throw new AcmeProblem('badPublicKey', `The key cannot be used with ${header.alg}.`, { cause: error });
  }
}

/** @throws AcmeProblem malformed */
export function parseJson(text: string): unknown {
  try {
    return JSON.parse(text) as unknown;
  } catch (cause) {
    throw malformed('The request is not JSON.', cause);
  }
}

/** A JSON object, or undefined. */
export const record = (value: unknown): Readonly<Record<string, unknown>> | undefined =>
  typeof value === 'object' && value !== null && !Array.isArray(value)
    ? (value as Readonly<Record<string, unknown>>)
    : undefined;

const badKey = (detail: string): AcmeProblem => new AcmeProblem('badPublicKey', detail);
