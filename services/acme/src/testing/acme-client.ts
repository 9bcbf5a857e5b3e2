/** A small ACME client that can also do what no client should: what the tests of ACME judge it by. */
import { generateKeyPairSync, type KeyObject } from 'node:crypto';
import { calculateJwkThumbprint, exportJWK, FlattenedSign, type JWK } from 'jose';

const KEYS = {
  ES256: () => generateKeyPairSync('ec', { namedCurve: 'P-256' }),
  ES384: () => generateKeyPairSync('ec', { namedCurve: 'P-384' }),
  RS256: () => generateKeyPairSync('rsa', { modulusLength: 2048 }),
  EdDSA: () => generateKeyPairSync('ed25519'),
} as const;
export type TestAlgorithm = keyof typeof KEYS;

export interface TestKey {
  readonly alg: string;
  readonly privateKey: KeyObject;
  readonly jwk: JWK;
  readonly thumbprint: string;
}

export async function keyOf(privateKey: KeyObject, publicKey: KeyObject, alg: string): Promise<TestKey> {
  const jwk = await exportJWK(publicKey);
  return { alg, privateKey, jwk, thumbprint: await calculateJwkThumbprint(jwk) };
}

export function testKey(alg: TestAlgorithm = 'ES256'): Promise<TestKey> {
  const { privateKey, publicKey } = KEYS[alg]();
  return keyOf(privateKey, publicKey, alg);
}

export interface Answer {
  readonly status: number;
  readonly headers: Headers;
  readonly text: string;
  /** Whatever the JSON is: tests say what they expect of it. */
  readonly json: Document;
}

export interface Document {
  readonly type?: string;
  readonly detail?: string;
  readonly status?: string;
  readonly location?: string;
  readonly identifiers?: readonly object[];
  readonly authorizations?: readonly string[];
  readonly finalize?: string;
  readonly certificate?: string;
  readonly error?: { readonly type: string; readonly detail: string };
  readonly orders?: readonly string[];
  readonly contact?: readonly string[];
  readonly wildcard?: boolean;
  readonly challenges?: readonly TestChallenge[];
  readonly suggestedWindow?: { readonly start: string; readonly end: string };
}

export interface TestChallenge {
  readonly type: string;
  readonly url: string;
  readonly token: string;
  readonly status: string;
  readonly error?: { readonly type: string; readonly detail: string };
}

/** Anything about a signed request that is not as it should be. */
export interface Oddities {
  readonly nonce?: string | undefined;
  readonly url?: string;
  readonly header?: object;
  readonly key?: TestKey;
  readonly contentType?: string;
  /** Changes the JWS after it was signed. */
  readonly change?: (jws: Record<string, unknown>) => unknown;
  readonly jwk?: boolean;
}

export class AcmeClient {
  readonly base: string;
  readonly key: TestKey;
  kid: string | undefined;

  constructor(base: string, key: TestKey, kid?: string) {
    this.base = base;
    this.key = key;
    this.kid = kid;
  }

  static async registered(base: string, alg: TestAlgorithm = 'ES256'): Promise<AcmeClient> {
    const client = new AcmeClient(base, await testKey(alg));
    await client.register();
    return client;
  }

  /** The same account, asked for in another zone. */
  in(base: string): AcmeClient {
    return new AcmeClient(base, this.key, this.kid?.replace(this.base, base));
  }

  async register(more: object = {}): Promise<Answer> {
    const answer = await this.post('/new-account', { termsOfServiceAgreed: true, ...more }, { jwk: true });
    if (answer.status < 300) this.kid = answer.headers.get('location')!;
    return answer;
  }

  async nonce(): Promise<string> {
    const { headers } = await fetch(`${this.base}/new-nonce`, { method: 'HEAD' });
    return headers.get('replay-nonce')!;
  }

  /** `where`: a path below the base, or a URL of another zone, which is asked for here. `null` is POST-as-GET. */
  async post(where: string, payload: object | null = null, odd: Oddities = {}): Promise<Answer> {
    const url = where.startsWith('/') ? `${this.base}${where}` : where;
    const jws = await this.sign(url, payload, 'nonce' in odd ? odd : { ...odd, nonce: await this.nonce() });
    const changed = odd.change === undefined ? jws : odd.change({ ...jws });
    return this.send(url, typeof changed === 'string' ? changed : JSON.stringify(changed), odd.contentType);
  }

  async send(url: string, body: string, contentType = 'application/jose+json'): Promise<Answer> {
    const response = await fetch(url, { method: 'POST', body, headers: { 'content-type': contentType } });
    const text = await response.text();
    const isJson = /json/.test(response.headers.get('content-type') ?? '');
    return { status: response.status, headers: response.headers, text, json: isJson ? JSON.parse(text) : {} };
  }

  async sign(url: string, payload: object | null, odd: Oddities): Promise<Record<string, unknown>> {
    const { alg, privateKey, jwk } = odd.key ?? this.key;
    const signer = odd.jwk === true || this.kid === undefined ? { jwk } : { kid: this.kid };
    const nonce = odd.nonce === undefined ? {} : { nonce: odd.nonce };
    const text = payload === null ? '' : JSON.stringify(payload);
    const signed = await new FlattenedSign(Buffer.from(text))
      .setProtectedHeader({ alg, url: odd.url ?? url, ...nonce, ...signer, ...odd.header })
      .sign(privateKey);
    return { ...signed };
  }
}

/** The type of a problem, without its prefix. */
export const problemOf = ({ status, json }: Answer): [status: number, type: string | undefined] => [
  status,
  json.type?.replace('urn:ietf:params:acme:error:', ''),
];
