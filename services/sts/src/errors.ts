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

/** Sessions of users and their guests cannot be turned into other sessions. */
export const withSession = (operation: string): AwsError =>
  new AwsError('AccessDenied', 403, `Cannot call ${operation} with session credentials`);

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

/** The code and the words in which STS refuses a token of an identity provider. */
export const invalidIdentityToken = (message: string): AwsError => new AwsError('InvalidIdentityToken', 400, message);

export const noProvider = (issuer: string): AwsError =>
  invalidIdentityToken(`No OpenIDConnect provider found in your account for ${issuer}`);

/** Its keys are not what they should be; a second attempt would not help. */
export const noVerificationKey = (cause?: unknown): AwsError =>
  new AwsError(
    'InvalidIdentityToken',
    400,
    "Couldn't retrieve verification key from your identity provider,  please reference AssumeRoleWithWebIdentity documentation for requirements",
    undefined,
    { cause },
  );

/** It could not be reached; SDKs try again. */
export const providerUnreachable = (issuer: string, cause: unknown): AwsError =>
  new AwsError('IDPCommunicationError', 400, `The identity provider ${issuer} could not be reached.`, undefined, {
    cause,
  });

/** Times in seconds since the epoch. */
export const identityTokenExpired = (nowSeconds: number, expiresAt: number): AwsError =>
  new AwsError(
    'ExpiredTokenException',
    400,
    `Token expired: current date/time ${nowSeconds} must be before the expiration date/time ${expiresAt}`,
  );

export const rejectedClaim = (message: string): AwsError => new AwsError('IDPRejectedClaim', 403, message);

export const notAuthorizedWithWebIdentity = (action: string): AwsError =>
  new AwsError('AccessDenied', 403, `Not authorized to perform ${action}`);

export const samlNotSupported = (): AwsError =>
  new AwsError('NotImplemented', 501, 'AssumeRoleWithSAML is not supported: this region has no SAML providers.');

export const invalidAuthorizationMessage = (): AwsError =>
  new AwsError('InvalidAuthorizationMessageException', 400, 'Message is not valid');
