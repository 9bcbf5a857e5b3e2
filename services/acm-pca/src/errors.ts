/** ACM-PCA's errors, in its own words, and what becomes of the authority's. */
import { AwsError } from '@stormglass/aws-wire';
import { AuthorityError } from '@stormglass/contracts';

export const invalidArn = (arn: string): AwsError =>
  new AwsError('InvalidArnException', 400, `The ARN ${arn} is not valid.`);

export const authorityNotFound = (arn: string): AwsError =>
  new AwsError('ResourceNotFoundException', 400, `Could not find Certificate Authority with ARN ${arn}.`);

export const certificateNotFound = (what: string): AwsError =>
  new AwsError('ResourceNotFoundException', 400, `Could not find certificate ${what}.`);

export const invalidArgs = (message: string): AwsError => new AwsError('InvalidArgsException', 400, message);

export const invalidRequest = (message: string): AwsError => new AwsError('InvalidRequestException', 400, message);

export const malformedCsr = (message: string, cause?: unknown): AwsError =>
  new AwsError('MalformedCSRException', 400, message, undefined, { cause });

export const validation = (message: string): AwsError => new AwsError('ValidationException', 400, message);

export const alreadyRevoked = (): AwsError =>
  new AwsError('RequestAlreadyProcessedException', 400, 'Your request has already been completed.');

export const invalidNextToken = (): AwsError =>
  new AwsError('InvalidNextTokenException', 400, 'The token specified in the NextToken argument is not valid.');

const unavailable = (cause: AuthorityError): AwsError =>
  new AwsError(
    'ServiceUnavailable',
    503,
    'The certificate authority of the region cannot be reached at the moment; a retry is safe.',
    undefined,
    { cause },
  );

/** Waits for the authority and puts its refusals into ACM-PCA's words; `what` is what it was asked about. */
export async function asked<T>(answer: Promise<T>, what: string): Promise<T> {
  try {
    return await answer;
  } catch (error) {
    if (!(error instanceof AuthorityError)) throw error;
    throw inOwnWords(error, what);
  }
}

function inOwnWords(error: AuthorityError, what: string): AwsError {
  switch (error.code) {
    case 'Unavailable':
      return unavailable(error);
    case 'MalformedRequest':
      return malformedCsr(error.message, error);
    case 'UnknownCertificate':
      return certificateNotFound(what);
    case 'LedgerFull':
      return new AwsError('LimitExceededException', 400, error.message, undefined, { cause: error });
    case 'Refused':
      return new AwsError('RequestFailedException', 400, error.message, undefined, { cause: error });
  }
}
