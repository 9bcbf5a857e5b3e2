/** restXml (S3, Route 53): REST with XML bodies. S3 has its own headers and its own envelope for errors. */
import { AwsError } from '../aws-error.ts';
import { XmlReader } from '../codecs/xml-reader.ts';
import { XmlWriter } from '../codecs/xml-writer.ts';
import { MALFORMED_XML } from '../s3/argument-errors.ts';
import { membersOf, type Operation, type ServiceModel, structureOf } from '../schema/service-model.ts';
import type { Shape } from '../schema/service-schema.ts';
import { escapeXml } from '../text/escape-xml.ts';
import { parseXml } from '../text/parse-xml.ts';
import { utf8Text } from '../text/utf8-text.ts';
import type { WireRequest, WireResponse } from '../wire-message.ts';
import { errorMembersXml } from './error-members.ts';
import type { ErrorReport } from './error-report.ts';
import { queryError } from './query.ts';
import { type BodyFormat, RestCodec } from './rest-codec.ts';

const XML = '<?xml version="1.0" encoding="UTF-8"?>\n';

class XmlFormat implements BodyFormat {
  readonly protocol = 'restXml';
  readonly contentType = 'application/xml';
  readonly malformedCode: string;
  readonly malformedMessage: string | undefined;
  readonly malformedUriCode: string;
  readonly #model: ServiceModel;
  readonly #isS3: boolean;
  readonly #reader: XmlReader;
  readonly #writer: XmlWriter;

  constructor(model: ServiceModel) {
    this.#model = model;
    this.#isS3 = model.id === 's3';
    this.malformedCode = this.#isS3 ? 'MalformedXML' : 'MalformedInput';
    this.malformedMessage = this.#isS3 ? MALFORMED_XML : undefined;
    this.malformedUriCode = this.#isS3 ? 'InvalidURI' : 'MalformedInput';
    this.#reader = new XmlReader(model);
    this.#writer = new XmlWriter(model);
  }

  readPayload(shape: Shape): (body: Buffer) => unknown {
    const read = this.#reader.shape(shape);
    return body => read(parseXml(utf8Text(body)));
  }

  readStructure(structure: string): (body: Buffer) => Record<string, unknown> {
    const read = this.#reader.structure(structure);
    return body => read(parseXml(utf8Text(body))) as Record<string, unknown>;
  }

  writePayload(member: string, shape: Shape): (value: unknown) => string {
    const structureName = shape.type === 'structure' ? shape.name : undefined;
    const ownName = structureName && structureOf(this.#model, structureName).xmlName;
    const tag = shape.xmlName ?? ownName ?? structureName ?? member;
    const write = this.#writer.element(
      shape.xmlNamespace || this.#isS3 === false ? shape : this.#withNamespace(shape),
      tag,
    );
    return value => XML + write(value);
  }

  #withNamespace(shape: Shape): Shape {
    return { ...shape, xmlNamespace: { uri: this.#model.xmlNamespace } };
  }

  writeStructure(operation: Operation, structure: string): ((output: object) => string) | undefined {
    const hasBody = membersOf(this.#model, structure).some(([, shape]) => shape.location === undefined);
    if (!hasBody) return undefined;
    const xmlns = this.#model.xmlNamespace === '' ? '' : ` xmlns="${this.#model.xmlNamespace}"`;
    if (operation.unwrappedOutput) return this.#unwrapped(structure, xmlns);
    const ownName = structureOf(this.#model, structure).xmlName;
    const root = ownName ?? (this.#isS3 ? `${operation.name}Result` : structure);
    const write = this.#writer.structure(structure);
    return output => `${XML}<${root}${xmlns}>${write(output)}</${root}>`;
  }

  /** The only body member is the root element itself, and stays there, empty, when it has no value. */
  #unwrapped(structure: string, xmlns: string): (output: object) => string {
    const [member, shape] = membersOf(this.#model, structure).find(([, { location }]) => location === undefined)!;
    const tag = shape.xmlName ?? member;
    return output => {
      const value = (output as Record<string, unknown>)[member];
      return `${XML}<${tag}${xmlns}>${value === undefined ? '' : escapeXml(String(value))}</${tag}>`;
    };
  }

  responseHeaders(requestId: string): Record<string, string> {
    return this.#isS3 ? s3Headers(requestId) : { 'x-amzn-requestid': requestId };
  }

  noSuchOperation(request: WireRequest): AwsError {
    if (!this.#isS3) return new AwsError('UnknownOperationException', 404, 'No operation matches this request.');
    return new AwsError('MethodNotAllowed', 405, 'The specified method is not allowed against this resource.', {
      Method: request.method,
      ResourceType: 'SERVICE',
    });
  }

  writeError(report: ErrorReport, request: WireRequest, requestId: string): WireResponse {
    if (this.#isS3) return s3Error(report, request, requestId);
    return queryError(report, requestId, this.#model.xmlNamespace, this.#writer);
  }
}

const s3Headers = (requestId: string): Record<string, string> => ({
  'x-amz-request-id': requestId,
  'x-amz-id-2': requestId,
});

/** An error in the envelope of S3. Answers to HEAD, and 304, have no body: their status is all that they say. */
export function s3Error(report: ErrorReport, request: WireRequest, requestId: string): WireResponse {
  const headers = s3Headers(requestId);
  if (request.method === 'HEAD' || report.status === 304) return { status: report.status, headers, body: undefined };
  return {
    status: report.status,
    headers: { ...headers, 'content-type': 'application/xml' },
    body:
      `${XML}<Error><Code>${escapeXml(report.code)}</Code><Message>${escapeXml(report.message)}</Message>` +
      // The model knows hardly any of the elements that S3's errors have.
      `${errorMembersXml(report, undefined)}<Resource>${escapeXml(request.path)}</Resource>` +
      `<RequestId>${requestId}</RequestId><HostId>${requestId}</HostId></Error>`,
  };
}

export class RestXmlCodec extends RestCodec {
  constructor(model: ServiceModel) {
    super(model, new XmlFormat(model));
  }
}
