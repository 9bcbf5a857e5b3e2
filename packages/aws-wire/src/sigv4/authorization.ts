/** Who signed a request and how: the `Authorization` header or the query string, parsed but not verified. */
import { AwsError } from '../aws-error.ts';
import type { WireRequest } from '../wire-message.ts';
import type { AuthDialect } from './auth-errors.ts';
import { parseHeaderAuthorization } from './header-authorization.ts';
import { parseQueryAuthorization } from './query-authorization.ts';
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
  if (header !== undefined) return parseHeaderAuthorization(request, header, dialect);
  return hasV4Query ? parseQueryAuthorization(request, dialect) : parseV2Authorization(request);
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
