/** STS's errors, in its own words. */
import { AwsError } from '@stormglass/aws-wire';
import { type DeniedRequest, type PolicyDocumentError, principalName } from '@stormglass/identity';

/** STS tells a refused caller nothing of the role: not why it may not assume it, nor whether it exists. */
export const notAuthorized = ({ principal, action, resource }: DeniedRequest): AwsError =>
  new AwsError(
    'AccessDenied',
    403,
    `User: ${principalName(principal)} is not authorized to perform: ${action} on resource: ${resource}`,
  );

export const mfaFailed = (): AwsError =>
  new AwsError(
    'AccessDenied',
    403,
    'MultiFactorAuthentication failed, unable to validate MFA code.  Please verify your MFA serial number is valid and associated with this user.',
  );

export const sessionOfSession = (): AwsError =>
  new AwsError('AccessDenied', 403, 'Cannot call GetSessionToken with session credentials');

export const validationError = (message: string): AwsError => new AwsError('ValidationError', 400, message);

export const invalidParameter = (message: string): AwsError => new AwsError('InvalidParameterValue', 400, message);

export const malformedPolicy = (error: PolicyDocumentError): AwsError =>
  new AwsError(error.code, 400, error.message, undefined, { cause: error });

export const packedPolicyTooLarge = (percent: number): AwsError =>
  new AwsError(
    'PackedPolicyTooLarge',
    400,
    `Packed policy consumes ${percent}% of allotted space, please use smaller policy.`,
  );

export const noTokenKey = (): AwsError =>
  new AwsError('ServiceUnavailable', 503, 'No zone has been able to make a key for session tokens yet.');

export const contextsNotSupported = (): AwsError =>
  new AwsError('NotImplemented', 501, 'ProvidedContexts is not supported: this region has no context providers.');
