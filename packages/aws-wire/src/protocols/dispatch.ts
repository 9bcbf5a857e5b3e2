/** From request to typed input and back, whichever protocol the request is written in. */
import { AwsError } from '../aws-error.ts';
import type { Operation, ServiceModel } from '../schema/service-model.ts';
import type { ProtocolName } from '../schema/service-schema.ts';
import { headerText, type WireRequest, type WireResponse } from '../wire-message.ts';
import { AwsJsonCodec } from './aws-json.ts';
import { type Call, type Codec, notImplemented, type OutputOptions } from './codec.ts';
import { Ec2QueryCodec } from './ec2-query.ts';
import { reportOf } from './error-report.ts';
import { QueryCodec } from './query.ts';
import { RestJsonCodec } from './rest-json.ts';
import { RestXmlCodec } from './rest-xml.ts';
import { writeUnroutedError } from './unrouted-error.ts';

function createCodec(model: ServiceModel, protocol: ProtocolName): Codec {
  switch (protocol) {
    case 'query':
      return new QueryCodec(model);
    case 'ec2Query':
      return new Ec2QueryCodec(model);
    case 'awsJson1_0':
    case 'awsJson1_1':
      return new AwsJsonCodec(model, protocol);
    case 'restXml':
      return new RestXmlCodec(model);
    case 'restJson':
      return new RestJsonCodec(model);
  }
}

const codecs = new WeakMap<ServiceModel, Map<ProtocolName, Codec>>();

/** The codec of one protocol of a service; made at first use, then kept. */
export function codecOf(model: ServiceModel, protocol: ProtocolName): Codec {
  let ofModel = codecs.get(model);
  if (ofModel === undefined) codecs.set(model, (ofModel = new Map()));
  let codec = ofModel.get(protocol);
  if (codec === undefined) ofModel.set(protocol, (codec = createCodec(model, protocol)));
  return codec;
}

const FORM = 'application/x-www-form-urlencoded';

// A service may be spoken in several protocols at once: CloudWatch is called in JSON by the JavaScript SDK and in query
// by older clients. Only the request tells.
/** The protocol that a request is written in. */
export function protocolOf(model: ServiceModel, request: WireRequest): ProtocolName {
  const [first] = model.protocols;
  if (model.protocols.length === 1) return first;
  const speaks = (wanted: string) => model.protocols.find(protocol => protocol.startsWith(wanted));
  if (request.headers['x-amz-target'] !== undefined) return speaks('awsJson') ?? first;
  const isForm = headerText(request.headers, 'content-type')?.startsWith(FORM);
  if (isForm || /(?:^|&)Action=/.test(request.query)) return speaks('query') ?? speaks('ec2Query') ?? first;
  return first;
}

/** Finds the operation that a request means. Throws what AWS answers to unknown ones, and 501 for unimplemented ones. */
export const resolve = (model: ServiceModel, request: WireRequest): Call =>
  codecOf(model, protocolOf(model, request)).resolve(request);

/** The typed input of a request. Its constraints are checked separately, by `validate`. */
export const readInput = (call: Call, request: WireRequest): Record<string, unknown> =>
  call.codec.readInput(call, request);

/** The response to a call, in the protocol in which the call came. */
export const writeOutput = (
  call: Call,
  output: object | undefined,
  requestId: string,
  options: OutputOptions = {},
): WireResponse => call.codec.writeOutput(call.operation, output ?? {}, requestId, options);

/** The response for anything thrown. Without a model (no service was found) the request decides about the form. */
export function writeError(
  model: ServiceModel | undefined,
  error: unknown,
  request: WireRequest,
  requestId: string,
): WireResponse {
  const report = reportOf(model, error);
  const response =
    model === undefined
      ? writeUnroutedError(report, request, requestId)
      : codecOf(model, protocolOf(model, request)).writeError(report, request, requestId);
  if (error instanceof AwsError) Object.assign(response.headers, error.headers);
  return response;
}

export { type Call, notImplemented, type Operation, type OutputOptions };
