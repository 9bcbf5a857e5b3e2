/** Verifies Signature Version 2 of presigned S3 URLs. */
import { createHmac } from 'node:crypto';
import { AwsError } from '../aws-error.ts';
import { headerText, type WireRequest } from '../wire-message.ts';
import { signatureMismatch } from './auth-errors.ts';
import { equalInConstantTime } from './signing-key.ts';
import type { V2Authorization } from './v2-authorization.ts';
import type { Verified } from './verify.ts';

// Query parameters that are part of the resource; all others are not signed.
const SUBRESOURCES = new Set([
  ...['acl', 'cors', 'delete', 'lifecycle', 'location', 'logging', 'notification', 'partNumber', 'policy'],
  ...['requestPayment', 'tagging', 'torrent', 'uploadId', 'uploads', 'versionId', 'versioning', 'versions', 'website'],
  ...['response-cache-control', 'response-content-disposition', 'response-content-encoding'],
  ...['response-content-language', 'response-content-type', 'response-expires'],
]);

export function verifyV2(
  request: WireRequest,
  authorization: V2Authorization,
  secret: string,
  nowMs: number,
): Verified {
  const { accessKeyId, expires, signature } = authorization;
  const expiresMs = Number(expires) * 1000;
  if (expiresMs < nowMs) {
    throw new AwsError('AccessDenied', 403, 'Request has expired', {
      Expires: new Date(expiresMs).toISOString(),
      ServerTime: new Date(nowMs).toISOString(),
    });
  }
  const contentMd5 = headerText(request.headers, 'content-md5') ?? '';
  const contentType = headerText(request.headers, 'content-type') ?? '';
  const stringToSign =
    `${request.method}\n${contentMd5}\n${contentType}\n${expires}\n` +
    `${canonicalAmzHeaders(request, authorization)}${canonicalResource(request)}`;
  const wanted = createHmac('sha1', secret).update(stringToSign).digest('base64');
  if (!equalInConstantTime(wanted, signature)) {
    throw signatureMismatch('s3', {
      AWSAccessKeyId: accessKeyId,
      StringToSign: stringToSign,
      SignatureProvided: signature,
    });
  }
  return {
    accessKeyId,
    region: '',
    service: 's3',
    isPresigned: true,
    payloadHash: 'UNSIGNED-PAYLOAD',
    chunks: undefined,
  };
}

// A session token in the query string is signed as if it had come as a header.
function canonicalAmzHeaders(request: WireRequest, { sessionToken }: V2Authorization): string {
  const headers: Record<string, string> = {};
  for (const name of Object.keys(request.headers)) {
    if (name.startsWith('x-amz-')) headers[name] = (headerText(request.headers, name) ?? '').trim();
  }
  if (sessionToken !== undefined) headers['x-amz-security-token'] = sessionToken;
  return Object.keys(headers)
    .sort()
    .map(name => `${name}:${headers[name]}\n`)
    .join('');
}

function decode(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}

function canonicalResource(request: WireRequest): string {
  const parts: string[] = [];
  for (const pair of request.query.split('&')) {
    const equals = pair.indexOf('=');
    const name = decode(equals < 0 ? pair : pair.slice(0, equals));
    if (SUBRESOURCES.has(name)) parts.push(equals < 0 ? name : `${name}=${decode(pair.slice(equals + 1))}`);
  }
  const bucket = request.hostBucket === undefined ? '' : `/${request.hostBucket}`;
  return `${bucket}${request.path}${parts.length > 0 ? `?${parts.sort().join('&')}` : ''}`;
}
