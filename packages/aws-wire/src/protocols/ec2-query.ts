/** The ec2Query protocol: as query, with capitalised parameter names, lists without wrappers and envelopes of its own. */
import { AwsError } from '../aws-error.ts';
import { FormReader } from '../codecs/form-reader.ts';
import { XmlWriter } from '../codecs/xml-writer.ts';
import type { Operation, ServiceModel } from '../schema/service-model.ts';
import { escapeXml } from '../text/escape-xml.ts';
import type { WireRequest, WireResponse } from '../wire-message.ts';
import { type Call, type Codec, notImplemented, type OutputOptions, reading } from './codec.ts';
import type { ErrorReport } from './error-report.ts';
import { formOf } from './query.ts';

const CONTENT_TYPE = 'text/xml;charset=UTF-8';
const XML = '<?xml version="1.0" encoding="UTF-8"?>\n';

export class Ec2QueryCodec implements Codec {
  readonly protocol = 'ec2Query';
  readonly #model: ServiceModel;
  readonly #reader: FormReader;
  readonly #writer: XmlWriter;

  constructor(model: ServiceModel) {
    this.#model = model;
    this.#reader = new FormReader(model, 'ec2Query');
    this.#writer = new XmlWriter(model);
  }

  // Old versions of the API stay valid in EC2, and their requests mean the same, so Version is not looked at.
  resolve(request: WireRequest): Call {
    const form = formOf(request);
    const name = form.children?.get('Action')?.text;
    if (name === undefined) {
      throw new AwsError('MissingAction', 400, 'The request is missing an action or a required parameter.');
    }
    const operation = this.#model.operations.get(name);
    if (operation !== undefined) return { operation, codec: this, form };
    if (this.#model.notImplemented.has(name)) throw notImplemented(this.#model, name);
    throw new AwsError('InvalidAction', 400, `The action ${name} is not valid for this web service.`);
  }

  readInput(call: Call): Record<string, unknown> {
    const { input } = call.operation;
    if (input === undefined) return {};
    return reading('InvalidParameterValue', () => this.#reader.structure(input)(call.form!) as Record<string, unknown>);
  }

  writeOutput(operation: Operation, output: object, requestId: string, options: OutputOptions): WireResponse {
    const content =
      operation.output === undefined ? '<return>true</return>' : this.#writer.structure(operation.output)(output);
    return {
      status: options.status ?? 200,
      headers: { 'x-amzn-requestid': requestId, 'content-type': CONTENT_TYPE },
      body:
        `${XML}<${operation.name}Response xmlns="${this.#model.xmlNamespace}/">` +
        `<requestId>${requestId}</requestId>${content}</${operation.name}Response>`,
    };
  }

  writeError(report: ErrorReport, _request: WireRequest, requestId: string): WireResponse {
    return {
      status: report.status,
      headers: { 'x-amzn-requestid': requestId, 'content-type': CONTENT_TYPE },
      body:
        `${XML}<Response><Errors><Error><Code>${escapeXml(report.code)}</Code>` +
        `<Message>${escapeXml(report.message)}</Message></Error></Errors><RequestID>${requestId}</RequestID></Response>`,
    };
  }
}
