/** The payload hash of a signed request. */
import { AwsError } from '../aws-error.ts';
import type { WireRequest } from '../wire-message.ts';
import type { V4Authorization } from './authorization.ts';
import { sha256Hex } from './canonical-request.ts';

const HEX_SHA256 = /^[0-9a-f]{64}$/;
const PAYLOAD_MODES = [
  'UNSIGNED-PAYLOAD',
  'STREAMING-UNSIGNED-PAYLOAD-TRAILER',
  'STREAMING-AWS4-HMAC-SHA256-PAYLOAD',
  'STREAMING-AWS4-HMAC-SHA256-PAYLOAD-TRAILER',
];

/** The hash that stands in the canonical request, after comparing it with the body where there is one to compare. */
export function checkedPayloadHash(request: WireRequest, authorization: V4Authorization): string {
  const declared = authorization.contentSha256;
  if (authorization.dialect !== 's3') {
    const actual = sha256Hex(request.body);
    if (declared !== undefined && declared !== actual) throw payloadMismatch(declared, actual);
    return actual;
  }
  if (declared === undefined) {
    if (authorization.form === 'query') return 'UNSIGNED-PAYLOAD';
    throw new AwsError('InvalidRequest', 400, 'Missing required header for this request: x-amz-content-sha256');
  }
  if (PAYLOAD_MODES.includes(declared)) return declared;
  if (!HEX_SHA256.test(declared)) {
    const message = `x-amz-content-sha256 must be ${PAYLOAD_MODES.join(', ')} or a valid sha256 value.`;
    throw new AwsError('InvalidArgument', 400, message, {
      ArgumentName: 'x-amz-content-sha256',
      ArgumentValue: declared,
    });
  }
  if (request.stream === undefined) {
    const actual = sha256Hex(request.body);
    if (actual !== declared) throw payloadMismatch(declared, actual);
  }
  return declared;
}

export const payloadMismatch = (declared: string, actual: string): AwsError =>
  new AwsError(
    'XAmzContentSHA256Mismatch',
    400,
    "The provided 'x-amz-content-sha256' header does not match what was computed.",
    {
      ClientComputedContentSHA256: declared,
      S3ComputedContentSHA256: actual,
    },
  );
