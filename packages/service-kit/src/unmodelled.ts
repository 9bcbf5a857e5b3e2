/** Requests that a service answers although no model describes them: the forms that browsers post to S3. */
import type { WireResponse } from '@stormglass/aws-wire';
import type { OpenCall, RequestHead } from './operation.ts';
import type { RequestBody } from './request-stream.ts';

export interface UnmodelledTools {
  /**
   * The call with whoever signed the form's policy (`x-amz-signature` and its company, or `signature`); anonymous when
   * no field is a signature. Names in lower case.
   * @throws AwsError as for any bad credentials
   */
  caller(fields: ReadonlyMap<string, string>): Promise<OpenCall>;
  /** @throws AwsError unless the policies allow this caller the operation of the model with that input */
  authorize(operation: string, input: Record<string, unknown>, call: OpenCall): Promise<void>;
}

export interface Unmodelled {
  /** As the operation is called in logs and metrics. */
  readonly name: string;
  handle(request: RequestHead, body: RequestBody, tools: UnmodelledTools): Promise<WireResponse>;
}
