/**
 * What AWS answers to requests that it cannot authenticate. Code and status depend on the family of the service
 * (STS says SignatureDoesNotMatch, DynamoDB says InvalidSignatureException), the texts are shared.
 */
import { AwsError, type ErrorFields } from '../aws-error.ts';
import type { ServiceModel } from '../schema/service-model.ts';
import { headerText, type WireRequest } from '../wire-message.ts';

/** Families of services by how they word authentication errors. */
export type AuthDialect = 'query' | 'ec2' | 'json' | 'restJson' | 's3';

type Failure = 'mismatch' | 'expired' | 'incomplete' | 'missing' | 'unknownKey' | 'invalidToken' | 'expiredToken';

const CODES: Record<AuthDialect, Record<Failure, [code: string, status: number]>> = {
  query: {
    mismatch: ['SignatureDoesNotMatch', 403],
    expired: ['SignatureDoesNotMatch', 403],
    incomplete: ['IncompleteSignature', 400],
    missing: ['MissingAuthenticationToken', 403],
    unknownKey: ['InvalidClientTokenId', 403],
    invalidToken: ['InvalidClientTokenId', 403],
    expiredToken: ['ExpiredToken', 403],
  },
  ec2: {
    mismatch: ['AuthFailure', 401],
    expired: ['RequestExpired', 400],
    incomplete: ['IncompleteSignature', 400],
    missing: ['MissingAuthenticationToken', 403],
    unknownKey: ['AuthFailure', 401],
    invalidToken: ['AuthFailure', 401],
    expiredToken: ['RequestExpired', 400],
  },
  json: {
    mismatch: ['InvalidSignatureException', 400],
    expired: ['InvalidSignatureException', 400],
    incomplete: ['IncompleteSignatureException', 400],
    missing: ['MissingAuthenticationTokenException', 400],
    unknownKey: ['UnrecognizedClientException', 400],
    invalidToken: ['UnrecognizedClientException', 400],
    expiredToken: ['ExpiredTokenException', 400],
  },
  restJson: {
    mismatch: ['InvalidSignatureException', 403],
    expired: ['InvalidSignatureException', 403],
    incomplete: ['IncompleteSignatureException', 403],
    missing: ['MissingAuthenticationTokenException', 403],
    unknownKey: ['UnrecognizedClientException', 403],
    invalidToken: ['UnrecognizedClientException', 403],
    expiredToken: ['ExpiredTokenException', 403],
  },
  s3: {
    mismatch: ['SignatureDoesNotMatch', 403],
    expired: ['RequestTimeTooSkewed', 403],
    incomplete: ['AuthorizationHeaderMalformed', 400],
    missing: ['AccessDenied', 403],
    unknownKey: ['InvalidAccessKeyId', 403],
    invalidToken: ['InvalidToken', 400],
    expiredToken: ['ExpiredToken', 400],
  },
};

export function authError(dialect: AuthDialect, failure: Failure, message: string, fields?: ErrorFields): AwsError {
  const [code, status] = CODES[dialect][failure];
  return new AwsError(code, status, message, fields);
}

/** The dialect of a request whose service is not known otherwise. */
export function guessDialect(request: WireRequest, service: string | undefined): AuthDialect {
  if (service === 's3' || service === 'ec2') return service;
  if (service === 's3express') return 's3';
  if (request.headers['x-amz-target'] !== undefined) return 'json';
  return headerText(request.headers, 'content-type')?.includes('json') ? 'restJson' : 'query';
}

/** The dialect of a service. */
export function dialectOf(model: ServiceModel): AuthDialect {
  if (model.id === 's3') return 's3';
  switch (model.protocols[0]) {
    case 'ec2Query':
      return 'ec2';
    case 'awsJson1_0':
    case 'awsJson1_1':
      return 'json';
    case 'restJson':
      return 'restJson';
    default:
      return 'query';
  }
}

const EC2_INVALID = 'AWS was not able to validate the provided access credentials';

/** The request is not signed at all. */
export const missingAuthentication = (dialect: AuthDialect): AwsError =>
  authError(dialect, 'missing', dialect === 's3' ? 'Access Denied' : 'Request is missing Authentication Token');

/** The access key does not exist, or it is not active. */
export function unknownAccessKey(dialect: AuthDialect, accessKeyId: string): AwsError {
  if (dialect === 's3') {
    const message = 'The AWS Access Key Id you provided does not exist in our records.';
    return authError(dialect, 'unknownKey', message, { AWSAccessKeyId: accessKeyId });
  }
  const message = dialect === 'ec2' ? EC2_INVALID : 'The security token included in the request is invalid.';
  return authError(dialect, 'unknownKey', message);
}

/** The session token does not belong to the access key, is missing, or stands beside a long-term key. */
export function invalidSessionToken(dialect: AuthDialect): AwsError {
  if (dialect === 's3')
    return authError(dialect, 'invalidToken', 'The provided token is malformed or otherwise invalid.');
  const message = dialect === 'ec2' ? EC2_INVALID : 'The security token included in the request is invalid';
  return authError(dialect, 'invalidToken', message);
}

/** The temporary credentials have expired. */
export const expiredSessionToken = (dialect: AuthDialect): AwsError =>
  authError(
    dialect,
    'expiredToken',
    dialect === 's3' ? 'The provided token has expired.' : 'The security token included in the request is expired',
  );

export function signatureMismatch(dialect: AuthDialect, fields?: ErrorFields): AwsError {
  const start = 'The request signature we calculated does not match the signature you provided. ';
  if (dialect === 's3') return authError(dialect, 'mismatch', `${start}Check your key and signing method.`, fields);
  if (dialect === 'ec2') return authError(dialect, 'mismatch', EC2_INVALID);
  const advice = 'Check your AWS Secret Access Key and signing method. Consult the service documentation for details.';
  return authError(dialect, 'mismatch', start + advice);
}
