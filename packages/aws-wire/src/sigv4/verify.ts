/** Verifies Signature Version 4: time, scope, what must be signed, payload, signature and session token. */
import { AwsError } from '../aws-error.ts';
import type { WireRequest } from '../wire-message.ts';
import { authError, invalidSessionToken, signatureMismatch } from './auth-errors.ts';
import type { Authorization, V4Authorization } from './authorization.ts';
import { canonicalHeaders, canonicalPath, canonicalQuery, hashCanonical } from './canonical-request.ts';
import { checkTime } from './check-time.ts';
import { checkedPayloadHash } from './payload-hash.ts';
import { equalInConstantTime, hmacHex, type SigningKey, signingKey } from './signing-key.ts';
import { verifyV2 } from './verify-v2.ts';

export interface Expected {
  /**
   * Regions and signing names of the service that will answer the request. An endpoint of several services must choose
   * one first: rules differ (S3 accepts unsigned payloads), and a signature for one must not count for another.
   */
  readonly regions: readonly string[];
  readonly services: readonly string[];
  /** Whether a session token belongs to the access key. Without it, temporary keys are refused. */
  readonly isSessionToken?: (token: string, accessKeyId: string) => boolean;
}

export interface Verified {
  readonly accessKeyId: string;
  readonly region: string;
  readonly service: string;
  readonly isPresigned: boolean;
  /**
   * The payload hash that was signed. `STREAMING-...` values announce an aws-chunked body, whose chunks are verified
   * while it is decoded; a hexadecimal one has been compared with the body unless the request carries a stream.
   */
  readonly payloadHash: string;
  /** What the first chunk signature continues; undefined for Signature Version 2. */
  readonly chunks: ChunkSeed | undefined;
}

export interface ChunkSeed {
  readonly key: SigningKey;
  readonly signature: string;
  readonly timestamp: string;
  readonly scope: string;
}

/**
 * Verifies a request that was signed with `secret`. Throws the AwsError with which AWS would answer. The caller has
 * looked the secret up by `authorization.accessKeyId`, and answers unknown keys with `unknownAccessKey`.
 */
export function verifySignature(
  request: WireRequest,
  authorization: Authorization,
  secret: string,
  nowMs: number,
  expected: Expected,
): Verified {
  // Only S3 knows Signature Version 2.
  if (authorization.version === 2 && !expected.services.includes('s3')) throw signatureMismatch('query');
  const verified =
    authorization.version === 2
      ? verifyV2(request, authorization, secret, nowMs)
      : verifyV4(request, authorization, secret, nowMs, expected);
  checkSessionToken(authorization, expected);
  return verified;
}

function verifyV4(
  request: WireRequest,
  authorization: V4Authorization,
  secret: string,
  nowMs: number,
  expected: Expected,
): Verified {
  const { dialect, date, region, service, signedHeaders, signedNames, timestamp, signature } = authorization;
  checkTime(authorization, nowMs);
  checkScope(authorization, expected);
  checkSignedHeaders(request, authorization);
  const payloadHash = checkedPayloadHash(request, authorization);
  const canonical =
    `${request.method}\n${canonicalPath(request.path, dialect === 's3')}\n` +
    `${canonicalQuery(request.query, authorization.form === 'query' ? 'X-Amz-Signature' : undefined)}\n` +
    `${canonicalHeaders(request.headers, signedNames)}\n${signedHeaders}\n${payloadHash}`;
  const scope = `${date}/${region}/${service}/aws4_request`;
  const stringToSign = `AWS4-HMAC-SHA256\n${timestamp}\n${scope}\n${hashCanonical(canonical)}`;
  const key = signingKey(secret, date, region, service);
  if (!equalInConstantTime(hmacHex(key, stringToSign), signature)) {
    throw signatureMismatch(dialect, {
      AWSAccessKeyId: authorization.accessKeyId,
      StringToSign: stringToSign,
      SignatureProvided: signature,
      CanonicalRequest: canonical,
    });
  }
  return {
    accessKeyId: authorization.accessKeyId,
    region,
    service,
    isPresigned: authorization.form === 'query',
    payloadHash,
    chunks: { key, signature, timestamp, scope },
  };
}

function checkScope(authorization: V4Authorization, expected: Expected): void {
  const { dialect, date, region, service, timestamp } = authorization;
  const wrongRegion = !expected.regions.includes(region);
  const wrongService = !expected.services.includes(service);
  const wrongDate = !timestamp.startsWith(date);
  if (!wrongRegion && !wrongService && !wrongDate) return;
  if (dialect === 's3') {
    const wrong = wrongRegion
      ? `the region '${region}' is wrong; expecting '${expected.regions[0]}'`
      : wrongService
        ? `incorrect service "${service}". This endpoint belongs to "s3".`
        : `Invalid credential date "${date}". This date is not the same as X-Amz-Date: "${timestamp.slice(0, 8)}".`;
    const fields = wrongRegion ? { Region: expected.regions[0] } : undefined;
    if (authorization.form === 'header') {
      throw authError(dialect, 'incomplete', `The authorization header is malformed; ${wrong}`, fields);
    }
    const message = `Error parsing the X-Amz-Credential parameter; ${wrong}`;
    throw new AwsError('AuthorizationQueryParametersError', 400, message, fields);
  }
  let message = '';
  if (wrongRegion) message += 'Credential should be scoped to a valid region. ';
  if (wrongService) message += `Credential should be scoped to correct service: '${expected.services[0]}'. `;
  if (wrongDate) {
    message += 'Date in Credential scope does not match YYYYMMDD from ISO-8601 version of date from HTTP: ';
    message += `'${date}' != '${timestamp.slice(0, 8)}', from '${timestamp}'. `;
  }
  throw authError(dialect, 'mismatch', message);
}

// Whoever relays a request must not be able to add a header that changes its meaning. Headers of the x-amz- family do;
// x-amzn-trace-id and the hop-by-hop headers, which proxies add, do not belong to it.
function checkSignedHeaders(request: WireRequest, authorization: V4Authorization): void {
  const { dialect, signedNames } = authorization;
  if (!signedNames.includes('host')) {
    throw authError(dialect, 'mismatch', "'Host' or ':authority' must be a 'SignedHeader' in the AWS Authorization.");
  }
  for (const name in request.headers) {
    if (!name.startsWith('x-amz-') || signedNames.includes(name)) continue;
    if (dialect === 's3') {
      const message = 'There were headers present in the request which were not signed';
      throw new AwsError('AccessDenied', 403, message, { HeadersNotSigned: name });
    }
    throw authError(dialect, 'mismatch', `'${name}' must be a 'SignedHeader' in the AWS Authorization.`);
  }
  for (const name of signedNames) {
    if (request.headers[name] === undefined) throw signatureMismatch(dialect);
  }
}

function checkSessionToken(authorization: Authorization, expected: Expected): void {
  const { accessKeyId, sessionToken, dialect } = authorization;
  const isTemporary = accessKeyId.startsWith('ASIA');
  if (!isTemporary && sessionToken === undefined) return;
  const accepted =
    isTemporary && sessionToken !== undefined && expected.isSessionToken?.(sessionToken, accessKeyId) === true;
  if (!accepted) throw invalidSessionToken(dialect);
}
