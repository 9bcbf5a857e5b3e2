/** What every protocol does for one service. A further protocol is one more implementation and a line in `dispatch.ts`. */
import { AwsError, MalformedInput } from '../aws-error.ts';
import type { FormNode } from '../codecs/form.ts';
import type { Operation, ServiceModel } from '../schema/service-model.ts';
import type { ProtocolName } from '../schema/service-schema.ts';
import type { WireRequest, WireResponse } from '../wire-message.ts';
import type { ErrorReport } from './error-report.ts';
import type { RestMatch } from './rest-router.ts';

/** A request whose operation is known. */
export interface Call {
  readonly operation: Operation;
  readonly codec: Codec;
  /** What finding the operation has already parsed, depending on the protocol. */
  readonly form?: FormNode;
  readonly rest?: RestMatch;
}

export interface OutputOptions {
  /** Replaces the modelled HTTP status (206 and 304 in S3). */
  status?: number;
}

export interface Codec {
  readonly protocol: ProtocolName;
  /** Finds the operation; throws an AwsError when there is none or it is not implemented. */
  resolve(request: WireRequest): Call;
  readInput(call: Call, request: WireRequest): Record<string, unknown>;
  writeOutput(operation: Operation, output: object, requestId: string, options: OutputOptions): WireResponse;
  writeError(report: ErrorReport, request: WireRequest, requestId: string): WireResponse;
}

/** The answer to operations that AWS has and this server lacks. 501 is the status that no SDK retries. */
export const notImplemented = (model: ServiceModel, operation: string): AwsError =>
  new AwsError('NotImplemented', 501, `${model.id}:${operation} exists in AWS, but this server does not implement it.`);

/** Runs `read`; what it finds malformed is reported with the code of the protocol, and with its message, if it has one. */
export function reading<T>(code: string, read: () => T, message?: string): T {
  try {
    return read();
  } catch (error) {
    if (error instanceof MalformedInput) {
      throw new AwsError(code, 400, message ?? error.message, undefined, { cause: error });
    }
    throw error;
  }
}
