/** Account Management's errors, in its own words. */
import { AwsError } from '@stormglass/aws-wire';

/** The region is not one that accounts opt in to, or out of. */
export const invalidTarget = (message: string): AwsError =>
  new AwsError('ValidationException', 400, message, { reason: 'invalidRegionOptTarget' });

export const invalidToken = (): AwsError =>
  new AwsError('ValidationException', 400, 'The NextToken is not valid.', { reason: 'fieldValidationFailed' });

export const conflict = (region: string, status: string): AwsError =>
  new AwsError('ConflictException', 409, `The region ${region} is ${status}; wait until that has ended.`);

export const notAMember = (accountId: string): AwsError =>
  new AwsError(
    'AccessDeniedException',
    403,
    `The caller may not speak for the account ${accountId}: there are no organizations here.`,
  );

/** A zone that is still being deployed to; the client's retry reaches another one. */
export const unknownCommand = (message: string): AwsError => new AwsError('ServiceUnavailable', 503, message);
