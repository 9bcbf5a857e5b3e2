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
export const signBody = (signer: Signer, body: Buffer, options: SigningOptions): SignedRequest =>
  signRequest(
    signer,
    { method: 'POST', path: '/', body },
    { ...options, headers: { 'content-type': 'application/x-www-form-urlencoded; charset=utf-8', ...options.headers } },
  );

export interface UnsignedRequest {
  readonly method: string;
  /** As it goes into the request line; segments are encoded already. */
  readonly path: string;
  /** Pairs that are encoded already. */
  readonly query?: string;
  readonly body?: Buffer;
  /** What is signed in place of the hash of the body: `UNSIGNED-PAYLOAD`, `STREAMING-...`. */
  readonly payload?: string;
}

/** Any request with its signature. S3 wants the header `x-amz-content-sha256` as well: that is added for it. */
export function signRequest(
  signer: Signer,
  { method, path, query = '', body = Buffer.alloc(0), payload }: UnsignedRequest,
  options: SigningOptions,
): SignedRequest {
  const stamp = stampOf(options.nowMs);
  const payloadHash = payload ?? createHash('sha256').update(body).digest('hex');
  const headers: Record<string, string> = {
    host: options.host ?? `${signer.service}.${signer.region}.amazonaws.com`,
    'x-amz-date': stamp,
    ...(signer.service.startsWith('s3') ? { 'x-amz-content-sha256': payloadHash } : {}),
    ...(signer.sessionToken === undefined ? {} : { 'x-amz-security-token': signer.sessionToken }),
    ...options.headers,
  };
  const names = Object.keys(headers).sort();
  const canonicalHeaders = names.map(name => `${name}:${headers[name]!.trim()}\n`).join('');
  const canonicalQuery = query
    .split('&')
    .map(pair => (pair === '' || pair.includes('=') ? pair : `${pair}=`))
    .sort()
    .join('&');
  const canonical = `${method}\n${path}\n${canonicalQuery}\n${canonicalHeaders}\n${names.join(';')}\n${payloadHash}`;
  const date = stamp.slice(0, 8);
  const scope = scopeOf(signer, date);
  const toSign = `AWS4-HMAC-SHA256\n${stamp}\n${scope}\n${createHash('sha256').update(canonical).digest('hex')}`;
  const signature = createHmac('sha256', signingKey(signer, date)).update(toSign).digest('hex');
  const credential = `${signer.accessKeyId}/${scope}`;
  return {
    ...{ method, path, query, body },
    headers: {
      ...headers,
      'content-length': String(body.length),
      authorization: `AWS4-HMAC-SHA256 Credential=${credential}, SignedHeaders=${names.join(';')}, Signature=${signature}`,
    },
  };
}

/**
 * The body of a request whose `payload` is `STREAMING-AWS4-HMAC-SHA256-PAYLOAD`: each chunk with the signature that
 * continues the one before ("Signature Calculations for the Authorization Header: Transferring Payload in Multiple
 * Chunks", Amazon S3 API Reference). The last, empty one is added.
 */
export function signChunks(signer: Signer, request: SignedRequest, chunks: readonly Buffer[], nowMs: number): Buffer {
  const stamp = stampOf(nowMs);
  const date = stamp.slice(0, 8);
  const sha256 = (bytes: Buffer) => createHash('sha256').update(bytes).digest('hex');
  let previous = request.headers.authorization!.slice(-64);
  const parts = [...chunks, Buffer.alloc(0)].map(chunk => {
    const what = `${sha256(Buffer.alloc(0))}\n${sha256(chunk)}`;
    const toSign = `AWS4-HMAC-SHA256-PAYLOAD\n${stamp}\n${scopeOf(signer, date)}\n${previous}\n${what}`;
    previous = createHmac('sha256', signingKey(signer, date)).update(toSign).digest('hex');
    const head = Buffer.from(`${chunk.length.toString(16)};chunk-signature=${previous}\r\n`);
    return Buffer.concat([head, chunk, Buffer.from('\r\n')]);
  });
  return Buffer.concat(parts);
}

const stampOf = (nowMs: number): string => new Date(nowMs).toISOString().replace(/[-:]|\.\d{3}/g, '');

const scopeOf = ({ region, service }: Signer, date: string): string => `${date}/${region}/${service}/aws4_request`;

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
