/**
 * What S3 says of arguments outside the body that it cannot take: no lists of validation errors, but one code with the
 * name and the value of the first that is wrong (Amazon S3 API Reference, "Error responses").
 */
import { AwsError, MalformedInput } from '../aws-error.ts';
import type { Shape } from '../schema/service-schema.ts';

export const MALFORMED_XML =
  'The XML you provided was not well-formed or did not validate against our published schema';

const invalidArgument = (message: string, ArgumentName: string, ArgumentValue: string): AwsError =>
  new AwsError('InvalidArgument', 400, message, { ArgumentName, ArgumentValue: ArgumentValue.slice(0, 1024) });

/**
 * Makes a reader of header and query values say what S3 says. Dates of conditions, and of `Expires`, are no arguments:
 * what is no date is no condition (RFC 9110, 13.1.3).
 */
export function readArgument(name: string, shape: Shape, read: (text: string) => unknown): (text: string) => unknown {
  const isDate = shape.type === 'timestamp' && shape.timestampFormat !== 'date-time';
  return text => {
    try {
      return read(text);
    } catch (error) {
      if (!(error instanceof MalformedInput)) throw error;
      if (isDate) return undefined;
      if (shape.type === 'number') {
        throw invalidArgument(`Provided ${name} not an integer or within integer range`, name, text);
      }
      throw invalidArgument(`Argument ${name} is not valid`, name, text);
    }
  };
}

const WORDS: Readonly<Record<string, readonly [code: string, message: string]>> = {
  'encoding-type': ['InvalidArgument', 'Invalid Encoding Method specified in Request'],
  'x-amz-metadata-directive': ['InvalidArgument', 'Unknown metadata directive.'],
  'x-amz-tagging-directive': ['InvalidArgument', 'Unknown tagging directive.'],
  'x-amz-server-side-encryption': ['InvalidArgument', 'The encryption method specified is not supported'],
  'x-amz-storage-class': ['InvalidStorageClass', 'The storage class you specified is not valid'],
  'x-amz-object-lock-mode': ['InvalidArgument', 'Unknown wormMode directive.'],
  'x-amz-object-lock-legal-hold': ['InvalidArgument', "Legal Hold must be either of 'ON' or 'OFF'"],
};

/** The answer to an argument that is none of those the model has. */
export function refusedArgument(name: string, value: unknown): AwsError {
  const known = WORDS[name.toLowerCase()];
  if (value === undefined) {
    return new AwsError('InvalidRequest', 400, `Missing required header for this request: ${name}`);
  }
  const argument = invalidArgument(known?.[1] ?? `Argument ${name} is not valid`, name, String(value));
  return known === undefined || known[0] === argument.code
    ? argument
    : new AwsError(known[0], 400, known[1], { StorageClassRequested: value });
}

/** The answer to a body that breaks the model, or is not there. */
export const refusedBody = (isMissing: boolean): AwsError =>
  isMissing
    ? new AwsError('MissingRequestBodyError', 400, 'Request Body is empty')
    : new AwsError('MalformedXML', 400, MALFORMED_XML);
