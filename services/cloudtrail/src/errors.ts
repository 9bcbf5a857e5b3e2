/** CloudTrail's errors: the refusals of the state, and what is wrong with what was asked. */
import { AwsError } from '@stormglass/aws-wire';
import type { Refused } from './state/result.ts';

/** Codes that operations answer; `errors.test.ts` compares them with the model. */
export const STATUS = {
  CloudTrailARNInvalidException: 400,
  InsufficientS3BucketPolicyException: 403,
  InvalidEventSelectorsException: 400,
  InvalidLookupAttributesException: 400,
  InvalidNextTokenException: 400,
  InvalidParameterCombinationException: 400,
  InvalidS3BucketNameException: 400,
  InvalidS3PrefixException: 400,
  InvalidTagParameterException: 400,
  InvalidTimeRangeException: 400,
  InvalidTrailNameException: 400,
  MaximumNumberOfTrailsExceededException: 403,
  S3BucketDoesNotExistException: 404,
  TagsLimitExceededException: 400,
  TrailAlreadyExistsException: 400,
  TrailNotFoundException: 404,
  UnsupportedOperationException: 400,
} as const;
export type CloudTrailErrorCode = keyof typeof STATUS;

export const cloudTrailError = (code: CloudTrailErrorCode, message: string): AwsError =>
  new AwsError(code, STATUS[code], message);

/** A command that this zone does not know comes from a newer build; the client's retry reaches another zone. */
export const refusalError = ({ code, message }: Refused): AwsError =>
  code === 'UnknownCommand' ? new AwsError('ServiceUnavailable', 503, message) : cloudTrailError(code, message);

/** What exists in AWS and not here. */
export const notOffered = (what: string): AwsError =>
  cloudTrailError('UnsupportedOperationException', `${what} not offered here.`);
