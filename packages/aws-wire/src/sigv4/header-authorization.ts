/** Signature Version 4 in the `Authorization` header. */
import { AwsError } from '../aws-error.ts';
import { compactTimestamp } from '../text/timestamps.ts';
import { headerText, type WireRequest } from '../wire-message.ts';
import { type AuthDialect, authError, guessDialect } from './auth-errors.ts';
import type { V4Authorization } from './authorization.ts';
import { ALGORITHM, parseScope, parseSignedHeaders, type Scope, SIGNATURE } from './credential-scope.ts';

const HEADER_LENGTH_MAX = 8192;

type HeaderParts = Scope & { signedHeaders: string; signedNames: readonly string[] };

// Everything before the signature is the same in all requests of one client on one day.
const parsedHeaders = new Map<string, HeaderParts>();
const PARSED_MAX = 2048;

export function parseHeaderAuthorization(
  request: WireRequest,
  header: string,
  given: AuthDialect | undefined,
): V4Authorization {
  const split = header.length - 64;
  const prefix = header.slice(0, Math.max(split, 0));
  const known = prefix.endsWith('Signature=') ? parsedHeaders.get(prefix) : undefined;
  let parts = known;
  let signature = header.slice(split);
  if (parts === undefined) {
    // Version 2, `AWS key:signature`, was S3's.
    const dialect = given ?? guessDialect(request, header.startsWith('AWS ') ? 's3' : undefined);
    const parameters = headerParameters(header, dialect, request);
    signature = parameters.Signature;
    parts = {
      ...parseScope(parameters.Credential, dialect),
      signedHeaders: parameters.SignedHeaders,
      signedNames: parseSignedHeaders(parameters.SignedHeaders, dialect),
    };
    if (prefix.endsWith('Signature=')) {
      if (parsedHeaders.size >= PARSED_MAX) parsedHeaders.clear();
      parsedHeaders.set(prefix, parts);
    }
  }
  const dialect = given ?? guessDialect(request, parts.service);
  if (!SIGNATURE.test(signature)) throw authError(dialect, 'incomplete', 'Signature must be 64 hexadecimal digits.');
  return {
    version: 4,
    form: 'header',
    dialect,
    accessKeyId: parts.accessKeyId,
    date: parts.date,
    region: parts.region,
    service: parts.service,
    signedHeaders: parts.signedHeaders,
    signedNames: parts.signedNames,
    signature,
    timestamp: headerTimestamp(request, dialect),
    expiresSeconds: 0,
    sessionToken: sessionTokenOf(request),
    contentSha256: headerText(request.headers, 'x-amz-content-sha256'),
  };
}

/** Sessions with one-zone buckets have a header of their own (Amazon S3 API Reference, CreateSession). */
export const sessionTokenOf = ({ headers }: WireRequest): string | undefined =>
  headerText(headers, 'x-amz-s3session-token') ?? headerText(headers, 'x-amz-security-token');

function headerTimestamp(request: WireRequest, dialect: AuthDialect): string {
  const amzDate = headerText(request.headers, 'x-amz-date');
  if (amzDate !== undefined) return amzDate;
  const date = request.headers.date;
  const ms = date === undefined ? Number.NaN : Date.parse(date);
  if (!Number.isNaN(ms)) return compactTimestamp(ms);
  const message = "Authorization header requires existence of either a 'X-Amz-Date' or a 'Date' header.";
  if (dialect === 's3')
    throw new AwsError('AccessDenied', 403, 'AWS authentication requires a valid Date or x-amz-date header');
  throw authError(dialect, 'incomplete', message);
}

function headerParameters(header: string, dialect: AuthDialect, request: WireRequest) {
  const space = header.indexOf(' ');
  const algorithm = space < 0 ? header : header.slice(0, space);
  if (header.length > HEADER_LENGTH_MAX)
    throw authError(dialect, 'incomplete', 'The Authorization header is too long.');
  if (algorithm !== ALGORITHM) {
    if (dialect === 's3')
      throw new AwsError(
        'InvalidRequest',
        400,
        `The authorization mechanism you have provided is not supported. Please use ${ALGORITHM}.`,
      );
    throw authError(
      dialect,
      'incomplete',
      `Unsupported AWS 'algorithm': '${algorithm.slice(0, 64)}' (only ${ALGORITHM} for now). `,
    );
  }
  const found = new Map<string, string>();
  for (const part of header.slice(space + 1).split(',')) {
    const equals = part.indexOf('=');
    const name = part.slice(0, Math.max(equals, 0)).trim();
    if (found.has(name))
      throw authError(
        dialect,
        'incomplete',
        `Authorization header has more than one '${name.slice(0, 64)}' parameter.`,
      );
    if (equals > 0) found.set(name, part.slice(equals + 1).trim());
  }
  const { Credential, SignedHeaders, Signature } = Object.fromEntries(found);
  let missing = '';
  if (!Credential) missing += "Authorization header requires 'Credential' parameter. ";
  if (!Signature) missing += "Authorization header requires 'Signature' parameter. ";
  if (!SignedHeaders) missing += "Authorization header requires 'SignedHeaders' parameter. ";
  if (request.headers['x-amz-date'] === undefined && request.headers.date === undefined) {
    missing += "Authorization header requires existence of either a 'X-Amz-Date' or a 'Date' header. ";
  }
  if (!Credential || !SignedHeaders || !Signature) {
    const message = dialect === 's3' ? 'The authorization header is malformed; ' : '';
    throw authError(
      dialect,
      'incomplete',
      `${message}${missing}Authorization=${header.replace(/Signature=[0-9a-f]+/, 'Signature=...')}`,
    );
  }
  return { Credential, SignedHeaders, Signature };
}
