/**
 * S3's errors in AWS's words, with their statuses ("Error responses", Amazon S3 API Reference). Most of them are not in
 * the model, so this catalogue is where they come from.
 */
import { AwsError, type ErrorFields } from '@stormglass/aws-wire';
import { type AuthorizationRequest, type Decision, denialMessage, hasAccount } from '@stormglass/identity';
import type { ObjectErrorCode, Refusal } from '@stormglass/object-index';

const XML = 'The XML you provided was not well-formed or did not validate against our published schema';

/** Status and words of each code; the words may be replaced where S3 says something more precise. */
export const CATALOGUE = {
  AccessControlListNotSupported: [400, 'The bucket does not allow ACLs'],
  AccessDenied: [403, 'Access Denied'],
  AccessForbidden: [403, 'Access Forbidden'],
  AmbiguousGrantByEmailAddress: [400, 'The e-mail address you provided is associated with more than one account.'],
  BadDigest: [400, 'The Content-MD5 you specified did not match what we received.'],
  BadRequest: [400, 'Bad Request'],
  BucketAlreadyExists: [
    409,
    'The requested bucket name is not available. The bucket namespace is shared by all users of the system. Please select a different name and try again.',
  ],
  BucketAlreadyOwnedByYou: [409, 'Your previous request to create the named bucket succeeded and you already own it.'],
  BucketNotEmpty: [409, 'The bucket you tried to delete is not empty'],
  ConditionalRequestConflict: [
    409,
    'The conditional request cannot succeed due to a conflicting operation against this resource.',
  ],
  EntityTooLarge: [400, 'Your proposed upload exceeds the maximum allowed size'],
  EntityTooSmall: [400, 'Your proposed upload is smaller than the minimum allowed size'],
  IllegalLocationConstraintException: [
    400,
    'The unspecified location constraint is incompatible for the region specific endpoint this request was sent to.',
  ],
  IllegalVersioningConfigurationException: [400, 'The versioning configuration specified in the request is invalid.'],
  IncompleteBody: [400, 'You did not provide the number of bytes specified by the Content-Length HTTP header'],
  InternalError: [500, 'We encountered an internal error. Please try again.'],
  InvalidArgument: [400, 'Invalid Argument'],
  InvalidBucketAclWithBlockPublicAccessError: [
    400,
    'Bucket cannot have public ACLs set with BlockPublicAccess enabled',
  ],
  InvalidBucketAclWithObjectOwnership: [
    400,
    "Bucket cannot have ACLs set with ObjectOwnership's BucketOwnerEnforced setting",
  ],
  InvalidBucketName: [400, 'The specified bucket is not valid.'],
  InvalidBucketState: [409, 'The request is not valid with the current state of the bucket.'],
  InvalidDigest: [400, 'The Content-MD5 you specified was invalid.'],
  InvalidEncryptionAlgorithmError: [
    400,
    'The encryption request you specified is not valid. The valid value is AES256.',
  ],
  InvalidLocationConstraint: [400, 'The specified location-constraint is not valid'],
  InvalidObjectState: [403, "The operation is not valid for the object's storage class"],
  InvalidPart: [
    400,
    "One or more of the specified parts could not be found.  The part may not have been uploaded, or the specified entity tag may not match the part's entity tag.",
  ],
  InvalidPartNumber: [416, 'The requested partnumber is not satisfiable'],
  InvalidPartOrder: [400, 'The list of parts was not in ascending order. Parts must be ordered by part number.'],
  InvalidPolicyDocument: [
    400,
    'The content of the form does not meet the conditions specified in the policy document.',
  ],
  InvalidRange: [416, 'The requested range is not satisfiable'],
  InvalidRequest: [400, 'Invalid Request'],
  InvalidStorageClass: [400, 'The storage class you specified is not valid'],
  InvalidTag: [
    400,
    'The tag provided was not a valid tag. This error can occur if the tag did not pass input validation.',
  ],
  InvalidTargetBucketForLogging: [
    400,
    'The target bucket for logging does not exist, is not owned by you, or does not have the appropriate grants for the log-delivery group.',
  ],
  InvalidURI: [400, "Couldn't parse the specified URI."],
  KeyTooLongError: [400, 'Your key is too long'],
  MalformedACLError: [400, XML],
  MalformedPOSTRequest: [400, 'The body of your POST request is not well-formed multipart/form-data.'],
  MalformedPolicy: [400, "Policies must be valid JSON and the first byte must be '{'"],
  MalformedXML: [400, XML],
  MaxPostPreDataLengthExceeded: [400, 'Your POST request fields preceding the upload file were too large.'],
  MetadataTooLarge: [400, 'Your metadata headers exceed the maximum allowed metadata size'],
  MethodNotAllowed: [405, 'The specified method is not allowed against this resource.'],
  MissingContentLength: [411, 'You must provide the Content-Length HTTP header.'],
  MissingRequestBodyError: [400, 'Request Body is empty'],
  MissingSecurityHeader: [400, 'Your request was missing a required header'],
  NoSuchBucket: [404, 'The specified bucket does not exist'],
  NoSuchBucketPolicy: [404, 'The bucket policy does not exist'],
  NoSuchCORSConfiguration: [404, 'The CORS configuration does not exist'],
  NoSuchKey: [404, 'The specified key does not exist.'],
  NoSuchLifecycleConfiguration: [404, 'The lifecycle configuration does not exist'],
  NoSuchObjectLockConfiguration: [404, 'The specified object does not have a ObjectLock configuration'],
  NoSuchPublicAccessBlockConfiguration: [404, 'The public access block configuration was not found'],
  NoSuchTagSet: [404, 'The TagSet does not exist'],
  NoSuchUpload: [
    404,
    'The specified upload does not exist. The upload ID may be invalid, or the upload may have been aborted or completed.',
  ],
  NoSuchVersion: [404, 'The specified version does not exist.'],
  NoSuchWebsiteConfiguration: [404, 'The specified bucket does not have a website configuration'],
  NotImplemented: [501, 'A header you provided implies functionality that is not implemented'],
  ObjectLockConfigurationNotFoundError: [404, 'Object Lock configuration does not exist for this bucket'],
  OperationAborted: [
    409,
    'A conflicting conditional operation is currently in progress against this resource. Please try again.',
  ],
  OwnershipControlsNotFoundError: [404, 'The bucket ownership controls were not found'],
  PermanentRedirect: [
    301,
    'The bucket you are attempting to access must be addressed using the specified endpoint. Please send all future requests to this endpoint.',
  ],
  PreconditionFailed: [412, 'At least one of the pre-conditions you specified did not hold'],
  ReplicationConfigurationNotFoundError: [404, 'The replication configuration was not found'],
  RequestTimeout: [
    400,
    'Your socket connection to the server was not read from or written to within the timeout period.',
  ],
  ServerSideEncryptionConfigurationNotFoundError: [404, 'The server side encryption configuration was not found'],
  ServiceUnavailable: [503, 'Service is unable to handle request.'],
  SlowDown: [503, 'Please reduce your request rate.'],
  TooManyBuckets: [400, 'You have attempted to create more buckets than allowed'],
  UnexpectedContent: [400, 'This request does not support content'],
  UnresolvableGrantByEmailAddress: [400, 'The e-mail address you provided does not match any account on record.'],
  XAmzContentChecksumMismatch: [400, "The provided 'x-amz-content-checksum' header does not match what was computed."],
} as const satisfies Record<string, readonly [status: number, message: string]>;

export type S3ErrorCode = keyof typeof CATALOGUE;

/** `fields` are the elements of the answer beside code and message, such as `BucketName`. */
export function s3Error(code: S3ErrorCode, fields?: ErrorFields, message: string = CATALOGUE[code][1]): AwsError {
  return new AwsError(code, CATALOGUE[code][0], message, fields);
}

/** An error with words of its own. */
export const s3Problem = (code: S3ErrorCode, message: string, fields?: ErrorFields): AwsError =>
  s3Error(code, fields, message);

export const noSuchBucket = (BucketName: string): AwsError => s3Error('NoSuchBucket', { BucketName });

export const noSuchKey = (Key: string): AwsError => s3Error('NoSuchKey', { Key });

export const noSuchVersion = (Key: string, VersionId: string): AwsError => s3Error('NoSuchVersion', { Key, VersionId });

export const noSuchUpload = (UploadId: string): AwsError => s3Error('NoSuchUpload', { UploadId });

/** An argument outside of what S3 takes, with its name and value as S3 repeats them. */
export const invalidArgument = (message: string, ArgumentName: string, ArgumentValue: string): AwsError =>
  s3Problem('InvalidArgument', message, { ArgumentName, ArgumentValue });

export const malformedXml = (): AwsError => s3Error('MalformedXML');

/** What exists in AWS and not here: clients do not retry it. */
export const notOffered = (what: string): AwsError => s3Problem('NotImplemented', `${what} is not offered here.`);

/** Refusals of the state that are not errors of S3: one is for handlers, the other for a zone still being deployed to. */
const NOT_FOR_CLIENTS = {
  BodyNotShareable: 'InternalError',
  UnknownCommand: 'ServiceUnavailable',
} as const satisfies Partial<Record<ObjectErrorCode, S3ErrorCode>>;

export const refusalError = ({ code, message, fields }: Refusal): AwsError =>
  code === 'BodyNotShareable' || code === 'UnknownCommand'
    ? s3Error(NOT_FOR_CLIENTS[code])
    : s3Problem(code, message, fields);

/** Only those who ask about what is in their own account learn which policy was in the way. */
export function accessDenied(asked: AuthorizationRequest, decision: Decision & { allowed: false }): AwsError {
  const { principal, resource, resourceAccount } = asked;
  if (!hasAccount(principal) || (resourceAccount ?? principal.accountId) !== principal.accountId)
    return s3Error('AccessDenied');
  return s3Problem('AccessDenied', denialMessage({ ...asked, resource: `"${resource}"` }, decision));
}
