/** Signature Version 4 in the query string: presigned URLs. */
import { AwsError } from '../aws-error.ts';
import { headerText, type WireRequest } from '../wire-message.ts';
import { type AuthDialect, authError, guessDialect } from './auth-errors.ts';
import type { V4Authorization } from './authorization.ts';
import { ALGORITHM, parseScope, parseSignedHeaders, SIGNATURE } from './credential-scope.ts';
import { sessionTokenOf } from './header-authorization.ts';

const EXPIRES_SECONDS_MAX = 604_800;

const REQUIRED_PARAMETERS = [
  'X-Amz-Algorithm',
  'X-Amz-Credential',
  'X-Amz-Signature',
  'X-Amz-SignedHeaders',
  'X-Amz-Date',
];

export function parseQueryAuthorization(request: WireRequest, given: AuthDialect | undefined): V4Authorization {
  const parameters = new Map<string, string>();
  let dialect =
    given ??
    guessDialect(
      request,
      /X-Amz-Credential=[^&]*?(?:%2F|\/)s3(?:express)?(?:%2F|\/)/i.test(request.query) ? 's3' : undefined,
    );
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
    sessionToken:
      parameters.get('X-Amz-S3session-Token') ?? parameters.get('X-Amz-Security-Token') ?? sessionTokenOf(request),
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
