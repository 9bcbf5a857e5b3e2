/** Errors of requests that reached no service: only the request says what its sender can read. */
import { bucketInHost } from '../s3/bucket-in-host.ts';
import { headerText, type WireRequest, type WireResponse } from '../wire-message.ts';
import { JSON_CONTENT_TYPE, jsonErrorBody } from './aws-json.ts';
import type { ErrorReport } from './error-report.ts';
import { queryError } from './query.ts';
import { s3Error } from './rest-xml.ts';

const FORM = 'application/x-www-form-urlencoded';
/** REST services that speak XML; every other REST service speaks JSON. */
const REST_XML = new Set(['s3', 'route53', 'cloudfront']);

export function writeUnroutedError(report: ErrorReport, request: WireRequest, requestId: string): WireResponse {
  const contentType = headerText(request.headers, 'content-type') ?? '';
  const service = signedFor(request);
  if (speaksS3(request, service)) return s3Error(report, request, requestId);
  const isForm = contentType.startsWith(FORM) || /(?:^|&)Action=/.test(request.query);
  const isJson = request.headers['x-amz-target'] !== undefined || contentType.includes('json');
  // A REST call without a body (`GET /2015-03-31/functions`) says only in its signature whom it is for.
  const isRest = !isForm && service !== undefined && !REST_XML.has(service);
  return isJson || isRest ? jsonError(report, contentType, requestId) : queryError(report, requestId, '', undefined);
}

/** Version 2 of signatures was S3's; without one the host name may tell. */
function speaksS3(request: WireRequest, service: string | undefined): boolean {
  if (service !== undefined) return service === 's3' || service === 's3express';
  const { authorization, host } = request.headers;
  return (
    authorization?.startsWith('AWS ') === true || /^s3[.-]/.test(host ?? '') || bucketInHost(request) !== undefined
  );
}

function jsonError(report: ErrorReport, contentType: string, requestId: string): WireResponse {
  const type = contentType.startsWith(JSON_CONTENT_TYPE.awsJson1_1) ? 'awsJson1_1' : 'awsJson1_0';
  return {
    status: report.status,
    headers: {
      'x-amzn-requestid': requestId,
      'content-type': JSON_CONTENT_TYPE[type],
      'x-amzn-errortype': report.code,
    },
    body: JSON.stringify(jsonErrorBody(report, undefined, report.code)),
  };
}

/** The service in the credential scope, unverified: good enough for choosing a form. */
function signedFor({ headers, query }: WireRequest): string | undefined {
  const scope = /Credential=[^,\s&]*?\/([a-z0-9-]+)\/aws4_request/;
  return scope.exec(headers.authorization ?? query.replaceAll('%2F', '/'))?.[1];
}
