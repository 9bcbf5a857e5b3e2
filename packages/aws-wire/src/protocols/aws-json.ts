/** awsJson 1.0 and 1.1: the operation in `x-amz-target`, JSON in both directions. */
import { AwsError, MalformedInput } from '../aws-error.ts';
import { JsonReader } from '../codecs/json-reader.ts';
import { JsonWriter } from '../codecs/json-writer.ts';
import type { Operation, ServiceModel } from '../schema/service-model.ts';
import { parseJson } from '../text/parse-json.ts';
import { headerText, type WireRequest, type WireResponse } from '../wire-message.ts';
import { type Call, type Codec, notImplemented, type OutputOptions, reading } from './codec.ts';
import type { ErrorReport } from './error-report.ts';

export const JSON_CONTENT_TYPE = {
  awsJson1_0: 'application/x-amz-json-1.0',
  awsJson1_1: 'application/x-amz-json-1.1',
} as const;

export class AwsJsonCodec implements Codec {
  readonly protocol: 'awsJson1_0' | 'awsJson1_1';
  readonly #model: ServiceModel;
  readonly #reader: JsonReader;
  readonly #writer: JsonWriter;

  constructor(model: ServiceModel, protocol: 'awsJson1_0' | 'awsJson1_1') {
    this.protocol = protocol;
    this.#model = model;
    this.#reader = new JsonReader(model);
    this.#writer = new JsonWriter(model);
  }

  resolve(request: WireRequest): Call {
    const target = headerText(request.headers, 'x-amz-target') ?? '';
    const dot = target.lastIndexOf('.');
    const name = target.slice(dot + 1);
    // botocore says all of `com.amazonaws.cloudtrail.v20131101.CloudTrail_20131101`, other clients the end of it.
    if (dot > 0 && `.${target.slice(0, dot)}`.endsWith(`.${this.#model.targetPrefix}`)) {
      const operation = this.#model.operations.get(name);
      if (operation !== undefined) return { operation, codec: this };
      if (this.#model.notImplemented.has(name)) throw notImplemented(this.#model, name);
    }
    throw new AwsError('UnknownOperationException', 400, 'The operation of this request is not known.');
  }

  readInput(call: Call, request: WireRequest): Record<string, unknown> {
    return reading('SerializationException', () => {
      // Some clients send nothing where the input has no members.
      const value = request.body.length === 0 ? {} : parseJson(request.body);
      if (call.operation.input !== undefined) {
        return this.#reader.structure(call.operation.input)(value) as Record<string, unknown>;
      }
      if (typeof value !== 'object' || value === null)
        throw new MalformedInput('The request body is not a JSON object.');
      return {};
    });
  }

  writeOutput(operation: Operation, output: object, requestId: string, options: OutputOptions): WireResponse {
    const value = operation.output === undefined ? {} : this.#writer.structure(operation.output)(output);
    return {
      status: options.status ?? 200,
      headers: { 'x-amzn-requestid': requestId, 'content-type': JSON_CONTENT_TYPE[this.protocol] },
      body: this.#writer.stringify(value),
    };
  }

  writeError(report: ErrorReport, _request: WireRequest, requestId: string): WireResponse {
    const headers: Record<string, string> = {
      'x-amzn-requestid': requestId,
      'content-type': JSON_CONTENT_TYPE[this.protocol],
    };
    // The shape's name travels in the body, the code of the old query protocol in a header (SQS, CloudWatch).
    if (this.#model.queryCompatible) {
      headers['x-amzn-query-error'] = `${report.code};${report.sender ? 'Sender' : 'Receiver'}`;
    }
    return {
      status: report.status,
      headers,
      body: this.#writer.stringify(jsonErrorBody(report, this.#writer, this.#typeName(report))),
    };
  }

  // Services of version 1.0 put the namespace of the model before the name, those of 1.1 do not.
  #typeName(report: ErrorReport): string {
    const name = report.modelled?.shape ?? report.code;
    return this.protocol === 'awsJson1_0' && report.modelled !== undefined ? `${this.#model.namespace}#${name}` : name;
  }
}

/** The body of a JSON error. `__type` is left out where the protocol has a header for it. */
export function jsonErrorBody(report: ErrorReport, writer: JsonWriter | undefined, type?: string): object {
  const shape = report.modelled?.shape;
  const members = shape !== undefined && writer !== undefined ? writer.structure(shape)(report.fields) : report.fields;
  return { ...(type !== undefined && { __type: type }), ...(members as object), message: report.message };
}
