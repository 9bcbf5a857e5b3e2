/** restJson (Lambda, EKS, FIS, ARC zonal shift): REST with JSON bodies. */
import { AwsError, MalformedInput } from '../aws-error.ts';
import { JsonReader } from '../codecs/json-reader.ts';
import { JsonWriter } from '../codecs/json-writer.ts';
import { membersOf, type Operation, type ServiceModel } from '../schema/service-model.ts';
import type { Shape } from '../schema/service-schema.ts';
import { parseJson } from '../text/parse-json.ts';
import type { WireRequest, WireResponse } from '../wire-message.ts';
import { jsonErrorBody } from './aws-json.ts';
import type { ErrorReport } from './error-report.ts';
import { type BodyFormat, RestCodec } from './rest-codec.ts';
import { compileOutputParts } from './rest-output.ts';

class JsonFormat implements BodyFormat {
  readonly protocol = 'restJson';
  readonly malformedCode = 'SerializationException';
  readonly malformedUriCode = 'SerializationException';
  readonly contentType = 'application/json';
  readonly #model: ServiceModel;
  readonly #reader: JsonReader;
  readonly #writer: JsonWriter;

  constructor(model: ServiceModel) {
    this.#model = model;
    this.#reader = new JsonReader(model);
    this.#writer = new JsonWriter(model);
  }

  readPayload(shape: Shape): (body: Buffer) => unknown {
    const read = this.#reader.shape(shape);
    return body => read(parseJson(body));
  }

  // Labels, query and headers are read after the body and win, so members smuggled into the body have no effect; those
  // that did not occur outside are taken out here.
  readStructure(structure: string): (body: Buffer) => Record<string, unknown> {
    const read = this.#reader.structure(structure);
    const outside = membersOf(this.#model, structure).filter(([, shape]) => shape.location !== undefined);
    return body => {
      const value = parseJson(body);
      if (typeof value !== 'object' || value === null)
        throw new MalformedInput('The request body is not a JSON object.');
      const input = read(value) as Record<string, unknown>;
      for (const [member] of outside) delete input[member];
      return input;
    };
  }

  writePayload(_member: string, shape: Shape): (value: unknown) => string {
    const write = this.#writer.shape(shape);
    return value => this.#writer.stringify(write(value));
  }

  writeStructure(_operation: Operation, structure: string): (output: object) => string {
    const write = this.#writer.structure(structure);
    return output => this.#writer.stringify(write(output));
  }

  responseHeaders(requestId: string): Record<string, string> {
    return { 'x-amzn-requestid': requestId };
  }

  noSuchOperation(): AwsError {
    return new AwsError('UnknownOperationException', 404, 'No operation matches this request.');
  }

  writeError(report: ErrorReport, _request: WireRequest, requestId: string): WireResponse {
    const head = report.modelled && compileOutputParts(this.#model, report.modelled.shape)(report.fields);
    return {
      status: report.status,
      headers: {
        ...head?.headers,
        'x-amzn-requestid': requestId,
        'x-amzn-errortype': report.modelled?.shape ?? report.code,
        'content-type': this.contentType,
      },
      body: this.#writer.stringify(jsonErrorBody(report, this.#writer)),
    };
  }
}

export class RestJsonCodec extends RestCodec {
  constructor(model: ServiceModel) {
    super(model, new JsonFormat(model));
  }
}
