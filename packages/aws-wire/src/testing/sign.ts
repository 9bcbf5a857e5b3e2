/** Signs wire requests with the official signer. */
import { createHash, createHmac, type Hash, type Hmac } from 'node:crypto';
import { SignatureV4 } from '@smithy/signature-v4';
import type { WireRequest } from '../wire-message.ts';

class Sha256 {
  readonly #hash: Hash | Hmac;
  constructor(secret?: string | ArrayBuffer | ArrayBufferView) {
    this.#hash = secret === undefined ? createHash('sha256') : createHmac('sha256', secret as Buffer);
  }
  update(data: string | ArrayBuffer | ArrayBufferView): void {
    this.#hash.update(typeof data === 'string' ? data : Buffer.from(data as Uint8Array));
  }
  async digest(): Promise<Uint8Array> {
    return new Uint8Array(this.#hash.digest());
  }
  reset(): void {}
}

export interface SignOptions {
  accessKeyId?: string;
  secret?: string;
  sessionToken?: string;
  region?: string;
  service?: string;
  nowMs: number;
  /** Makes a presigned URL of this lifetime. */
  expiresSeconds?: number;
}

export const SECRET = 'wJalrXUtnFEMI/K7MDENG+bPxRfiCYEXAMPLEKEY';

/** The request with a valid signature in its headers or, with `expiresSeconds`, in its query string. */
export async function signed(request: WireRequest, options: SignOptions): Promise<WireRequest> {
  const { accessKeyId = 'AKIDEXAMPLE', secret = SECRET, sessionToken, region = 'us-east-1', service = 'sts' } = options;
  const credentials = { accessKeyId, secretAccessKey: secret, ...(sessionToken !== undefined && { sessionToken }) };
  const isS3 = service === 's3';
  const signer = new SignatureV4({
    service,
    region,
    credentials,
    sha256: Sha256,
    uriEscapePath: !isS3,
    applyChecksum: isS3,
  });
  const query: Record<string, string | string[]> = {};
  for (const [name, value] of new URLSearchParams(request.query)) {
    const known = query[name];
    query[name] = known === undefined ? value : [known, value].flat();
  }
  const headers = { ...request.headers } as Record<string, string>;
  // Presigned URLs of S3 never cover the body, which does not exist yet when they are made.
  if (isS3 && options.expiresSeconds !== undefined) headers['x-amz-content-sha256'] = 'UNSIGNED-PAYLOAD';
  const unsigned = {
    method: request.method,
    protocol: 'http:',
    hostname: 'localhost',
    path: request.path,
    query,
    headers,
    body: request.body,
  };
  const signingDate = new Date(options.nowMs);
  const sent =
    options.expiresSeconds === undefined
      ? await signer.sign(unsigned, { signingDate })
      : await signer.presign(unsigned, { signingDate, expiresIn: options.expiresSeconds });
  const lowerCase = Object.fromEntries(
    Object.entries(sent.headers).map(([name, value]) => [name.toLowerCase(), value]),
  );
  return { ...request, headers: lowerCase, query: queryString(sent.query ?? {}) };
}

const queryString = (query: Record<string, unknown>): string =>
  Object.entries(query)
    .flatMap(([name, value]) =>
      [value].flat().map(item => `${encodeURIComponent(name)}=${encodeURIComponent(String(item))}`),
    )
    .join('&');
