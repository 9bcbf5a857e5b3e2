/** Signature Version 2 in presigned S3 URLs: what version 1 of the CLI still makes. Parsed here, verified in verify-v2.ts. */
import { AwsError } from '../aws-error.ts';
import type { WireRequest } from '../wire-message.ts';

export interface V2Authorization {
  readonly version: 2;
  readonly form: 'query';
  readonly dialect: 's3';
  readonly accessKeyId: string;
  /** Base64. */
  readonly signature: string;
  /** Seconds since the epoch, as sent. */
  readonly expires: string;
  readonly sessionToken: string | undefined;
}

export function parseV2Authorization(request: WireRequest): V2Authorization {
  const parameters = new Map<string, string>();
  for (const pair of request.query.split('&')) {
    const equals = pair.indexOf('=');
    const name = pair.slice(0, Math.max(equals, 0));
    if (!['AWSAccessKeyId', 'Signature', 'Expires', 'x-amz-security-token'].includes(name)) continue;
    if (parameters.has(name))
      throw new AwsError('InvalidArgument', 400, `The query string has more than one '${name}'.`);
    try {
      parameters.set(name, decodeURIComponent(pair.slice(equals + 1)));
    } catch (cause) {
      throw new AwsError('InvalidURI', 400, "Couldn't parse the specified URI.", undefined, { cause });
    }
  }
  const accessKeyId = parameters.get('AWSAccessKeyId');
  const signature = parameters.get('Signature');
  const expires = parameters.get('Expires');
  if (!accessKeyId || !signature || !expires || !/^\d{1,12}$/.test(expires)) {
    const message = 'Query-string authentication requires the Signature, Expires and AWSAccessKeyId parameters';
    throw new AwsError('AccessDenied', 403, message);
  }
  return {
    version: 2,
    form: 'query',
    dialect: 's3',
    accessKeyId,
    signature,
    expires,
    sessionToken: parameters.get('x-amz-security-token'),
  };
}
