/**
 * An error that the client is meant to see. Handlers throw it; the protocol writes it in its own envelope. Anything
 * else that is thrown is a bug and reaches the client as InternalFailure.
 */

/** Members of a modelled error beside its message, for example `{ BucketName: 'photos' }`. */
export type ErrorFields = Readonly<Record<string, unknown>>;

export interface AwsErrorOptions extends ErrorOptions {
  readonly headers?: Readonly<Record<string, string>>;
}

export class AwsError extends Error {
  override readonly name: string = 'AwsError';
  /** What stands in `<Code>` or `__type`: `NoSuchEntity`. The name of the modelled shape is understood as well. */
  readonly code: string;
  readonly status: number;
  readonly fields: ErrorFields | undefined;
  /** Of the response, in lower case: an error may say something to those who see no body (`etag` beside 304). */
  readonly headers: Readonly<Record<string, string>> | undefined;

  constructor(code: string, status: number, message: string, fields?: ErrorFields, options: AwsErrorOptions = {}) {
    super(message, options);
    this.code = code;
    this.status = status;
    this.fields = fields;
    this.headers = options.headers;
  }
}

/** The same error with something to say in the headers of its response. */
export const withHeaders = (
  { code, status, message, fields, cause }: AwsError,
  headers: Record<string, string>,
): AwsError => new AwsError(code, status, message, fields, { cause, headers });

/** The answer to a failure that is ours: the client learns the request id and nothing else. */
export const internalFailure = (cause?: unknown): AwsError =>
  new AwsError(
    'InternalFailure',
    500,
    'The request processing has failed because of an unknown error, exception or failure.',
    undefined,
    { cause },
  );

/**
 * Input that cannot be read as what the model says. The codecs do not know which protocol they serve, so they throw
 * this and the protocol gives it its own code (SerializationException, MalformedInput, MalformedXML ...).
 */
export class MalformedInput extends Error {
  override readonly name = 'MalformedInput';
}
