/** An identity provider for tests: its keys, the tokens it signs, and the documents it publishes. */
import { constants, generateKeyPairSync, type KeyObject, sign } from 'node:crypto';

export interface TestIssuer {
  readonly url: string;
  /** What it publishes, by path; a test may change it. */
  readonly documents: Map<string, unknown>;
  /** A token with these claims over the usual ones; `undefined` takes a claim away. */
  token(claims?: Record<string, unknown>, header?: Record<string, unknown>, signer?: SigningKey): string;
  readonly keys: Readonly<Record<KeyName, SigningKey>>;
}

export type KeyName = 'rsa' | 'p256' | 'p384';

export interface SigningKey {
  readonly kid: string;
  readonly privateKey: KeyObject;
  readonly jwk: object;
}

export const DISCOVERY = '/.well-known/openid-configuration';

export function signingKey(kid: string, kind: KeyName = 'rsa', bits = 2048): SigningKey {
  const pair =
    kind === 'rsa'
      ? generateKeyPairSync('rsa', { modulusLength: bits })
      : generateKeyPairSync('ec', { namedCurve: kind === 'p256' ? 'prime256v1' : 'secp384r1' });
  const jwk = { ...pair.publicKey.export({ format: 'jwk' }), kid, use: 'sig' };
  return { kid, privateKey: pair.privateKey, jwk };
}

export const AUDIENCE = 'sts.amazonaws.com';

export function testIssuer(url: string): TestIssuer {
  const keys = { rsa: signingKey('rsa-1'), p256: signingKey('p256-1', 'p256'), p384: signingKey('p384-1', 'p384') };
  const documents = new Map<string, unknown>([
    [DISCOVERY, { issuer: url, jwks_uri: `${url}/keys` }],
    ['/keys', { keys: Object.values(keys).map(({ jwk }) => jwk) }],
  ]);
  return {
    ...{ url, documents, keys },
    token(claims = {}, header = {}, signer = keys.rsa) {
      const now = Math.floor(Date.now() / 1000);
      const payload = { iss: url, sub: 'ann', aud: AUDIENCE, iat: now, exp: now + 600, ...claims };
      const head = { alg: 'RS256', typ: 'JWT', kid: signer.kid, ...header };
      const signed = `${encoded(head)}.${encoded(payload)}`;
      return `${signed}.${signature(String(head.alg), signed, signer.privateKey)}`;
    },
  };
}

const encoded = (value: object): string => Buffer.from(JSON.stringify(value)).toString('base64url');

function signature(algorithm: string, signed: string, key: KeyObject): string {
  if (!/^[RPE]S(256|384|512)$/.test(algorithm)) return Buffer.from('unsigned').toString('base64url');
  const pss = { padding: constants.RSA_PKCS1_PSS_PADDING, saltLength: constants.RSA_PSS_SALTLEN_DIGEST };
  const how = algorithm.startsWith('PS') ? { key, ...pss } : { key, dsaEncoding: 'ieee-p1363' as const };
  return sign(`sha${algorithm.slice(2)}`, Buffer.from(signed), how).toString('base64url');
}
