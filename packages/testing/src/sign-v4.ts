/**
 * Signs requests with Signature Version 4 (IAM User Guide, "Create a signed AWS API request"), for tests, simulations and
 * benchmarks that must send what an SDK cannot. Written apart from the verifier, so that each checks the other.
 */
import { createHash, createHmac } from 'node:crypto';

export interface SignedRequest {
  readonly method: string;
  readonly path: string;
  readonly query: string;
  readonly headers: Record<string, string>;
  readonly body: Buffer;
}

export interface Signer {
  readonly accessKeyId: string;
  readonly secretAccessKey: string;
  readonly sessionToken?: string;
  readonly region: string;
  readonly service: string;
}

export interface SigningOptions {
  readonly nowMs: number;
  readonly host?: string;
  readonly headers?: Readonly<Record<string, string>>;
}

/** A signed POST of a query-protocol action, as boto3 or an SDK would send it. */
export const signAction = (
  signer: Signer,
  parameters: Readonly<Record<string, string>>,
  options: SigningOptions,
): SignedRequest => signBody(signer, Buffer.from(new URLSearchParams(parameters).toString()), options);

/** A signed POST of any body, sensible or not. */
export function signBody(signer: Signer, body: Buffer, options: SigningOptions): SignedRequest {
  const stamp = new Date(options.nowMs).toISOString().replace(/[-:]|\.\d{3}/g, '');
  const headers: Record<string, string> = {
    host: options.host ?? `${signer.service}.${signer.region}.amazonaws.com`,
    'content-type': 'application/x-www-form-urlencoded; charset=utf-8',
    'x-amz-date': stamp,
    ...(signer.sessionToken === undefined ? {} : { 'x-amz-security-token': signer.sessionToken }),
    ...options.headers,
  };
  const names = Object.keys(headers).sort();
  const payloadHash = createHash('sha256').update(body).digest('hex');
  const canonicalHeaders = names.map(name => `${name}:${headers[name]!.trim()}\n`).join('');
  const canonical = `POST\n/\n\n${canonicalHeaders}\n${names.join(';')}\n${payloadHash}`;
  const date = stamp.slice(0, 8);
  const scope = `${date}/${signer.region}/${signer.service}/aws4_request`;
  const toSign = `AWS4-HMAC-SHA256\n${stamp}\n${scope}\n${createHash('sha256').update(canonical).digest('hex')}`;
  const signature = createHmac('sha256', signingKey(signer, date)).update(toSign).digest('hex');
  const credential = `${signer.accessKeyId}/${scope}`;
  return {
    method: 'POST',
    path: '/',
    query: '',
    headers: {
      ...headers,
      'content-length': String(body.length),
      authorization: `AWS4-HMAC-SHA256 Credential=${credential}, SignedHeaders=${names.join(';')}, Signature=${signature}`,
    },
    body,
  };
}

const keys = new Map<string, Buffer>();

function signingKey({ secretAccessKey, region, service }: Signer, date: string): Buffer {
  const name = `${secretAccessKey}/${date}/${region}/${service}`;
  let key = keys.get(name);
  if (key === undefined) {
    const hmac = (by: string | Buffer, text: string) => createHmac('sha256', by).update(text).digest();
    key = hmac(hmac(hmac(hmac(`AWS4${secretAccessKey}`, date), region), service), 'aws4_request');
    keys.set(name, key);
  }
  return key;
}
