/** The errors that every service answers alike. */
import { AwsError, type ProtocolName } from '@stormglass/aws-wire';
import { type Decision, type DeniedRequest, denialMessage } from '@stormglass/identity';
import type { LogUnavailable } from '@stormglass/replicated-state';

/** Services whose errors are JSON have another code, and those that speak nothing else another status ("Common Errors"). */
export function accessDenied(
  request: DeniedRequest,
  decision: Decision & { allowed: false },
  protocol: ProtocolName = 'query',
): AwsError {
  const message = denialMessage(request, decision);
  if (protocol.startsWith('awsJson')) return new AwsError('AccessDeniedException', 400, message);
  return new AwsError(protocol === 'restJson' ? 'AccessDeniedException' : 'AccessDenied', 403, message);
}

/** EC2's way: the reason goes along encoded, for sts:DecodeAuthorizationMessage. */
export const unauthorizedOperation = (encoded: string | undefined): AwsError => {
  const message = 'You are not authorized to perform this operation.';
  const reason = encoded === undefined ? '' : ` Encoded authorization failure message: ${encoded}`;
  return new AwsError('UnauthorizedOperation', 403, message + reason);
};

/** No service of this region answers to that name. */
export const unknownService = (name: string): AwsError =>
  new AwsError('NotImplemented', 501, `This region does not offer the service ${name}.`);

/** SDKs retry a 503; one that was certainly not applied says so. */
export function logUnavailable(service: string, error: LogUnavailable): AwsError {
  const outcome =
    error.outcome === 'not-applied'
      ? 'Nothing was changed.'
      : 'It is not known whether it was applied; a retry is safe.';
  return new AwsError(
    'ServiceUnavailable',
    503,
    `The replicated log of ${service} does not confirm writes at the moment. ${outcome}`,
    undefined,
    {
      cause: error,
    },
  );
}

/** A region that mirrors IAM was asked to change it. Names lead to the home region, so only misdirected calls see it. */
export const homeRegionOnly = (homeRegion: string): AwsError =>
  new AwsError(
    'ServiceUnavailable',
    503,
    `Changes are made in the home region, ${homeRegion}; this region only mirrors them. Nothing was changed.`,
  );

/** What a rule of the fault board says in place of the service. */
export const injectedError = (code: string, status: number): AwsError =>
  new AwsError(code, status, 'This answer was injected by a fault rule; the call was not carried out.');

export const overloaded = (): AwsError =>
  new AwsError(
    'ServiceUnavailable',
    503,
    'This host is serving as many requests as it can. Please reduce your request rate.',
  );

export const bodyTooLarge = (maxBytes: number): AwsError =>
  new AwsError('RequestEntityTooLarge', 413, `The request body is larger than ${maxBytes} bytes.`);

export const bodyTooSlow = (): AwsError =>
  new AwsError(
    'RequestTimeout',
    400,
    'Your socket connection to the server was not read from or written to within the timeout period.',
  );

export const bodyBroken = (): AwsError => new AwsError('RequestAborted', 400, 'The request body broke off.');
