/** The query protocol (STS, IAM, SNS, CloudFormation ...): parameters in a form, answers in XML. */
import { AwsError } from '../aws-error.ts';
import { parseForm } from '../codecs/form.ts';
import { FormReader } from '../codecs/form-reader.ts';
import { XmlWriter } from '../codecs/xml-writer.ts';
import type { Operation, ServiceModel } from '../schema/service-model.ts';
import { escapeXml } from '../text/escape-xml.ts';
import { utf8Text } from '../text/utf8-text.ts';
import type { WireRequest, WireResponse } from '../wire-message.ts';
import { type Call, type Codec, notImplemented, type OutputOptions, reading } from './codec.ts';
import { errorMembersXml } from './error-members.ts';
import type { ErrorReport } from './error-report.ts';

const malformedQuery = (cause: unknown): AwsError =>
  new AwsError('MalformedQueryString', 404, 'The query string contains a syntax error.', undefined, { cause });

export class QueryCodec implements Codec {
  readonly protocol = 'query';
  readonly #model: ServiceModel;
  readonly #reader: FormReader;
  readonly #writer: XmlWriter;

  constructor(model: ServiceModel) {
    this.#model = model;
    this.#reader = new FormReader(model, 'query');
    this.#writer = new XmlWriter(model);
  }

  resolve(request: WireRequest): Call {
    const form = formOf(request);
    const name = form.children?.get('Action')?.text;
    if (name === undefined) {
      throw new AwsError('MissingAction', 400, 'The request is missing an action or a required parameter.');
    }
    const version = form.children?.get('Version')?.text;
    const operation = this.#model.operations.get(name);
    if (operation !== undefined && version === this.#model.apiVersion) return { operation, codec: this, form };
    if (this.#model.notImplemented.has(name)) throw notImplemented(this.#model, name);
    const where = `version ${version ?? 'NO_VERSION_SPECIFIED'}`;
    throw new AwsError('InvalidAction', 400, `Could not find operation ${name} for ${where}`);
  }

  readInput(call: Call): Record<string, unknown> {
    const { input } = call.operation;
    if (input === undefined) return {};
    return reading('MalformedInput', () => this.#reader.structure(input)(call.form!) as Record<string, unknown>);
  }

  writeOutput(operation: Operation, output: object, requestId: string, options: OutputOptions): WireResponse {
    const { name } = operation;
    const result =
      operation.output === undefined
        ? ''
        : `<${name}Result>${this.#writer.structure(operation.output)(output)}</${name}Result>`;
    return {
      status: options.status ?? 200,
      headers: { 'x-amzn-requestid': requestId, 'content-type': 'text/xml' },
      body:
        `<${name}Response xmlns="${this.#model.xmlNamespace}">${result}` +
        `<ResponseMetadata><RequestId>${requestId}</RequestId></ResponseMetadata></${name}Response>`,
    };
  }

  writeError(report: ErrorReport, _request: WireRequest, requestId: string): WireResponse {
    return queryError(report, requestId, this.#model.xmlNamespace, this.#writer);
  }
}

/** The form of a request: its body, and its query string as well, because both may carry parameters. */
export function formOf(request: WireRequest) {
  try {
    const { query } = request;
    // A presigned request carries its signature in the query string; no service has parameters of those names.
    return parseForm(query, utf8Text(request.body));
  } catch (cause) {
    throw malformedQuery(cause);
  }
}

/** An error in the envelope of the query protocol; restXml services other than S3 use the same. */
export function queryError(
  report: ErrorReport,
  requestId: string,
  xmlNamespace: string,
  writer: XmlWriter | undefined,
): WireResponse {
  const xmlns = xmlNamespace === '' ? '' : ` xmlns="${xmlNamespace}"`;
  return {
    status: report.status,
    headers: { 'x-amzn-requestid': requestId, 'content-type': 'text/xml' },
    body:
      `<ErrorResponse${xmlns}><Error><Type>${report.sender ? 'Sender' : 'Receiver'}</Type>` +
      `<Code>${escapeXml(report.code)}</Code><Message>${escapeXml(report.message)}</Message>` +
      `${errorMembersXml(report, writer)}</Error><RequestId>${requestId}</RequestId></ErrorResponse>`,
  };
}
