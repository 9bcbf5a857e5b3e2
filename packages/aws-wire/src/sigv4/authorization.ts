/** Who signed a request and how: the `Authorization` header or the query string, parsed but not verified. */
import { AwsError } from '../aws-error.ts';
import { compactTimestamp } from '../text/timestamps.ts';
import { headerText, type WireRequest } from '../wire-message.ts';
import { type AuthDialect, authError, guessDialect } from './auth-errors.ts';
import { parseV2Authorization, type V2Authorization } from './v2-authorization.ts';

export interface V4Authorization {
  readonly version: 4;
  readonly form: 'header' | 'query';
  readonly dialect: AuthDialect;
  readonly accessKeyId: string;
  /** The credential scope. */
  readonly date: string;
  readonly region: string;
  readonly service: string;
  /** Names of the signed headers as sent, and as a list. */
  readonly signedHeaders: string;
  readonly signedNames: readonly string[];
  readonly signature: string;
  /** `20260131T235959Z` */
  readonly timestamp: string;
  /** Query form only. */
  readonly expiresSeconds: number;
  readonly sessionToken: string | undefined;
  /** `x-amz-content-sha256`, which presigned URLs may carry in the query string. */
  readonly contentSha256: string | undefined;
}

export type Authorization = V4Authorization | V2Authorization;

const ALGORITHM = 'AWS4-HMAC-SHA256';
const EXPIRES_SECONDS_MAX = 604_800;
const SIGNATURE = /^[0-9a-f]{64}$/;
const SCOPE_PART = /^[A-Za-z0-9-]+$/;
const ACCESS_KEY = /^[\w-]{1,128}$/;
const HEADER_LENGTH_MAX = 8192;

interface Scope {
  accessKeyId: string;
  date: string;
  region: string;
  service: string;
}

/**
 * Parses the authorization of a request; undefined when it has none. Cheap: nothing is hashed. `dialect` is that of the
 * service at this endpoint, when it is known.
 */
export function parseAuthorization(request: WireRequest, dialect?: AuthDialect): Authorization | undefined {
  const header = request.headers.authorization;
  const hasV4Query = request.query.includes('X-Amz-Signature=') || request.query.includes('X-Amz-Algorithm=');
  const hasV2Query = request.query.includes('AWSAccessKeyId=');
  if (header === undefined && !hasV4Query && !hasV2Query) return undefined;
  if (
    Number(header !== undefined) + Number(hasV4Query) + Number(hasV2Query) > 1 ||
    isRepeated(request, 'authorization')
  ) {
    const rule =
      'only the X-Amz-Algorithm query parameter, Signature query string parameter or the Authorization header';
    throw new AwsError('InvalidArgument', 400, `Only one auth mechanism allowed; ${rule} should be specified`);
  }
  if (header !== undefined) return parseHeader(request, header, dialect);
  return hasV4Query ? parseQuery(request, dialect) : parseV2Authorization(request);
}

// Node keeps the first of several Authorization headers; a proxy on the way may have looked at the last.
function isRepeated({ rawHeaders }: WireRequest, name: string): boolean {
  if (rawHeaders === undefined) return false;
  let count = 0;
  for (let i = 0; i < rawHeaders.length; i += 2) {
    const raw = rawHeaders[i]!;
    if (raw.length === name.length && raw.toLowerCase() === name) count++;
  }
  return count > 1;
}

type HeaderParts = Scope & { signedHeaders: string; signedNames: readonly string[] };

// Everything before the signature is the same in all requests of one client on one day.
const parsedHeaders = new Map<string, HeaderParts>();
const PARSED_MAX = 2048;

function parseHeader(request: WireRequest, header: string, given: AuthDialect | undefined): V4Authorization {
  const split = header.length - 64;
  const prefix = header.slice(0, Math.max(split, 0));
  const known = prefix.endsWith('Signature=') ? parsedHeaders.get(prefix) : undefined;
  let parts = known;
  let signature = header.slice(split);
  if (parts === undefined) {
    const dialect = given ?? guessDialect(request, undefined);
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
    sessionToken: headerText(request.headers, 'x-amz-security-token'),
    contentSha256: headerText(request.headers, 'x-amz-content-sha256'),
  };
}

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

function parseScope(credential: string, dialect: AuthDialect): Scope {
  const parts = credential.split('/');
  const [accessKeyId = '', date = '', region = '', service = '', terminator = ''] = parts;
  const form = 'keyid/date/region/service/term';
  if (parts.length !== 5) {
    throw authError(
      dialect,
      'incomplete',
      `Credential must have exactly 5 slash-delimited elements, e.g. ${form}, got '${credential.slice(0, 200)}'`,
    );
  }
  if (terminator !== 'aws4_request') {
    throw authError(
      dialect,
      'mismatch',
      `Credential should be scoped with a valid terminator: 'aws4_request', not '${terminator.slice(0, 64)}'. `,
    );
  }
  if (!ACCESS_KEY.test(accessKeyId) || !/^\d{8}$/.test(date) || !SCOPE_PART.test(region) || !SCOPE_PART.test(service)) {
    throw authError(dialect, 'incomplete', `Credential is not of the form ${form}.`);
  }
  return { accessKeyId, date, region, service };
}

// AWS signs headers in the order of their names. Holding clients to it also excludes repeated names.
function parseSignedHeaders(text: string, dialect: AuthDialect): readonly string[] {
  const names = text.split(';');
  const inOrder = names.every(
    (name, i) => /^[!#$%&'*+.^_`|~0-9a-z-]+$/.test(name) && (i === 0 || names[i - 1]! < name),
  );
  if (!inOrder || names.length > 200)
    throw authError(dialect, 'incomplete', 'SignedHeaders must be lower-case header names in order.');
  return names;
}

const REQUIRED_PARAMETERS = [
  'X-Amz-Algorithm',
  'X-Amz-Credential',
  'X-Amz-Signature',
  'X-Amz-SignedHeaders',
  'X-Amz-Date',
];

function parseQuery(request: WireRequest, given: AuthDialect | undefined): V4Authorization {
  const parameters = new Map<string, string>();
  let dialect =
    given ??
    guessDialect(request, /X-Amz-Credential=[^&]*?(?:%2F|\/)s3(?:%2F|\/)/i.test(request.query) ? 's3' : undefined);
  const fail = (message: string) =>
    dialect === 's3'
      ? new AwsError('AuthorizationQueryParametersError', 400, message)
      : authError(dialect, 'incomplete', message);
  for (const pair of request.query.split('&')) {
    if (!pair.startsWith('X-Amz-')) continue;
    const equals = pair.indexOf('=');
    if (equals < 0) continue;
    const name = pair.slice(0, equals);
    if (parameters.has(name)) throw fail(`The query string has more than one '${name.slice(0, 64)}'.`);
    try {
      parameters.set(name, decodeURIComponent(pair.slice(equals + 1)));
    } catch {
      throw fail(`The value of '${name.slice(0, 64)}' cannot be decoded.`);
    }
  }
  const missing = REQUIRED_PARAMETERS.filter(name => !parameters.get(name));
  if (missing.length > 0) {
    if (dialect === 's3') {
      throw fail(
        'Query-string authentication version 4 requires the X-Amz-Algorithm, X-Amz-Credential, X-Amz-Signature, X-Amz-Date, X-Amz-SignedHeaders, and X-Amz-Expires parameters.',
      );
    }
    throw fail(
      `${missing.map(name => `AWS query-string parameters must include '${name}'. `).join('')}Re-examine the query-string parameters.`,
    );
  }
  if (parameters.get('X-Amz-Algorithm') !== ALGORITHM) throw fail('X-Amz-Algorithm only supports "AWS4-HMAC-SHA256"');
  const scope = parseScope(parameters.get('X-Amz-Credential')!, dialect);
  dialect = given ?? guessDialect(request, scope.service);
  const signature = parameters.get('X-Amz-Signature')!;
  if (!SIGNATURE.test(signature)) throw fail('X-Amz-Signature must be 64 hexadecimal digits.');
  const signedHeaders = parameters.get('X-Amz-SignedHeaders')!;
  return {
    version: 4,
    form: 'query',
    dialect,
    ...scope,
    signedHeaders,
    signedNames: parseSignedHeaders(signedHeaders, dialect),
    signature,
    timestamp: parameters.get('X-Amz-Date')!,
    expiresSeconds: parseExpires(parameters.get('X-Amz-Expires'), dialect, fail),
    sessionToken: parameters.get('X-Amz-Security-Token') ?? headerText(request.headers, 'x-amz-security-token'),
    contentSha256: headerText(request.headers, 'x-amz-content-sha256') ?? parameters.get('X-Amz-Content-Sha256'),
  };
}

// Only S3 insists on X-Amz-Expires; the other services allow the usual quarter of an hour without it.
function parseExpires(text: string | undefined, dialect: AuthDialect, fail: (message: string) => AwsError): number {
  if (text === undefined && dialect !== 's3') return 900;
  if (text === undefined || !/^\d{1,9}$/.test(text)) throw fail('X-Amz-Expires should be a number');
  const seconds = Number(text);
  if (seconds > EXPIRES_SECONDS_MAX)
    throw fail(
      'X-Amz-Expires must be less than a week (in seconds); that is, the given X-Amz-Expires must be less than 604800 seconds',
    );
  return seconds;
}
