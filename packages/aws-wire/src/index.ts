/** The AWS wire protocols, server side: requests to typed input, output and errors to responses, signatures. */
export * from './arn.ts';
export * from './aws-error.ts';
export { RawJson } from './codecs/raw-json.ts';
export * from './handlers.ts';
export * from './pagination-token.ts';
export * from './protocols/dispatch.ts';
export { modelledError } from './protocols/error-report.ts';
export { bucketInHost } from './s3/bucket-in-host.ts';
export { type FormSignature, parseFormSignature, verifyFormSignature } from './s3/form-signature.ts';
export { asHeader, withHoistedHeaders } from './s3/hoisted-headers.ts';
export * from './schema/service-model.ts';
export type * from './schema/service-schema.ts';
export {
  type AuthDialect,
  dialectOf,
  expiredSessionToken,
  invalidSessionToken,
  missingAuthentication,
  unknownAccessKey,
} from './sigv4/auth-errors.ts';
export { type Authorization, parseAuthorization, type V4Authorization } from './sigv4/authorization.ts';
export {
  AwsChunkedDecoder,
  type DecodedBody,
  decodeChunkedBody,
  isAwsChunked,
  type Payload,
} from './sigv4/aws-chunked.ts';
export { payloadMismatch } from './sigv4/payload-hash.ts';
export type { V2Authorization } from './sigv4/v2-authorization.ts';
export { type ChunkSeed, type Expected, type Verified, verifySignature } from './sigv4/verify.ts';
export { escapeXml } from './text/escape-xml.ts';
export { compactTimestamp, formatTimestamp, parseCompactTimestamp, parseTimestamp } from './text/timestamps.ts';
export { findProblems, validate } from './validate/validate.ts';
export * from './wire-message.ts';
