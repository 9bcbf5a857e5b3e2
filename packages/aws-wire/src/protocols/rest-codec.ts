/** What restXml and restJson share: routing, everything outside the body, and which member is the body. */
import type { AwsError } from '../aws-error.ts';
import { membersOf, type Operation, type ServiceModel } from '../schema/service-model.ts';
import type { ProtocolName, Shape } from '../schema/service-schema.ts';
import { utf8Text } from '../text/utf8-text.ts';
import type { WireRequest, WireResponse } from '../wire-message.ts';
import { type Call, type Codec, notImplemented, type OutputOptions, reading } from './codec.ts';
import type { ErrorReport } from './error-report.ts';
import { compileInputParts } from './rest-input.ts';
import { compileOutputParts, isRawPayload, payloadMember, rawBody } from './rest-output.ts';
import { RestRouter } from './rest-router.ts';

/** The format of bodies, and whatever else differs between the two protocols. */
export interface BodyFormat {
  readonly protocol: ProtocolName;
  readonly malformedCode: string;
  /** In place of what is wrong in particular. */
  readonly malformedMessage?: string | undefined;
  readonly malformedUriCode: string;
  /** Reads a payload of one shape. */
  readPayload(shape: Shape): (body: Buffer) => unknown;
  /** Reads those members of a structure that have no place outside the body. */
  readStructure(structure: string): (body: Buffer) => Record<string, unknown>;
  writePayload(member: string, shape: Shape): (value: unknown) => string;
  /** Writes the body members of an output; undefined when it has none. */
  writeStructure(operation: Operation, structure: string): ((output: object) => string) | undefined;
  readonly contentType: string;
  responseHeaders(requestId: string): Record<string, string>;
  noSuchOperation(request: WireRequest): AwsError;
  writeError(report: ErrorReport, request: WireRequest, requestId: string): WireResponse;
}

type ReadInput = (call: Call, request: WireRequest) => Record<string, unknown>;
type WriteOutput = (output: object, requestId: string, options: OutputOptions) => WireResponse;

export class RestCodec implements Codec {
  readonly protocol: ProtocolName;
  readonly #model: ServiceModel;
  readonly #format: BodyFormat;
  readonly #router: RestRouter;
  readonly #readers = new Map<Operation, ReadInput>();
  readonly #writers = new Map<Operation, WriteOutput>();

  constructor(model: ServiceModel, format: BodyFormat) {
    this.protocol = format.protocol;
    this.#model = model;
    this.#format = format;
    this.#router = new RestRouter(model);
  }

  resolve(request: WireRequest): Call {
    const rest = reading(this.#format.malformedUriCode, () => this.#router.match(request));
    if (rest !== undefined) {
      if ('notImplemented' in rest) throw notImplemented(this.#model, rest.notImplemented);
      return { operation: rest.operation, codec: this, rest };
    }
    // The schema has no routes of operations that are not implemented, but SDKs name the operation in `x-id`.
    const named = /(?:^|&)x-id=(\w+)/.exec(request.query)?.[1];
    if (named !== undefined && this.#model.notImplemented.has(named)) throw notImplemented(this.#model, named);
    throw this.#format.noSuchOperation(request);
  }

  readInput(call: Call, request: WireRequest): Record<string, unknown> {
    let read = this.#readers.get(call.operation);
    if (read === undefined) this.#readers.set(call.operation, (read = this.#compileReader(call.operation)));
    return reading(this.#format.malformedCode, () => read(call, request), this.#format.malformedMessage);
  }

  writeOutput(operation: Operation, output: object, requestId: string, options: OutputOptions): WireResponse {
    let write = this.#writers.get(operation);
    if (write === undefined) this.#writers.set(operation, (write = this.#compileWriter(operation)));
    return write(output, requestId, options);
  }

  writeError(report: ErrorReport, request: WireRequest, requestId: string): WireResponse {
    return this.#format.writeError(report, request, requestId);
  }

  #compileReader({ input: structure }: Operation): ReadInput {
    if (structure === undefined) return () => ({});
    const readParts = compileInputParts(this.#model, structure);
    const readBody = this.#bodyReader(structure);
    return (call, request) => {
      const input = readBody(request);
      readParts(input, call.rest!, request);
      return input;
    };
  }

  #bodyReader(structure: string): (request: WireRequest) => Record<string, unknown> {
    const payload = payloadMember(this.#model, structure);
    if (payload === undefined) {
      const hasBody = membersOf(this.#model, structure).some(([, shape]) => shape.location === undefined);
      const read = this.#format.readStructure(structure);
      return ({ body }) => (hasBody && body.length > 0 ? read(body) : {});
    }
    const { member, shape } = payload;
    if (shape.streaming) return ({ body, stream }) => ({ [member]: stream ?? body });
    const read = this.#payloadReader(shape);
    return ({ body }) => (body.length === 0 ? {} : { [member]: read(body) });
  }

  #payloadReader(shape: Shape): (body: Buffer) => unknown {
    if (shape.type === 'blob') return body => body;
    if (shape.type === 'string') return utf8Text;
    return this.#format.readPayload(shape);
  }

  #compileWriter(operation: Operation): WriteOutput {
    const status = operation.http?.status ?? 200;
    const structure = operation.output;
    if (structure === undefined) {
      return (_output, requestId, options) => ({
        status: options.status ?? status,
        headers: this.#format.responseHeaders(requestId),
        body: undefined,
      });
    }
    const writeParts = compileOutputParts(this.#model, structure);
    const writeBody = this.#bodyWriter(operation, structure);
    return (output, requestId, options) => {
      const head = writeParts(output as Record<string, unknown>);
      const { body, contentType } = writeBody(output as Record<string, unknown>);
      const headers = this.#format.responseHeaders(requestId);
      if (contentType !== undefined) headers['content-type'] = contentType;
      return { status: options.status ?? head.status ?? status, headers: { ...headers, ...head.headers }, body };
    };
  }

  #bodyWriter(operation: Operation, structure: string) {
    const { contentType } = this.#format;
    type Body = { body: WireResponse['body']; contentType?: string };
    const payload = payloadMember(this.#model, structure);
    if (payload !== undefined) {
      const { member, shape } = payload;
      if (isRawPayload(shape)) return (output: Record<string, unknown>): Body => ({ body: rawBody(output[member]) });
      const write = this.#format.writePayload(member, shape);
      return (output: Record<string, unknown>): Body => {
        const value = output[member];
        return value === undefined || value === null ? { body: undefined } : { body: write(value), contentType };
      };
    }
    const write = this.#format.writeStructure(operation, structure);
    return (output: object): Body => (write === undefined ? { body: undefined } : { body: write(output), contentType });
  }
}
