/** Errors of requests that reached no service: only the request says what its sender can read. */
import { headerText, type WireRequest, type WireResponse } from '../wire-message.ts';
import { JSON_CONTENT_TYPE, jsonErrorBody } from './aws-json.ts';
import type { ErrorReport } from './error-report.ts';
import { queryError } from './query.ts';
import { s3Error } from './rest-xml.ts';

export function writeUnroutedError(report: ErrorReport, request: WireRequest, requestId: string): WireResponse {
  const contentType = headerText(request.headers, 'content-type') ?? '';
  if (request.headers['x-amz-target'] !== undefined || contentType.includes('json')) {
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
  const isForm = contentType.startsWith('application/x-www-form-urlencoded') || /(?:^|&)Action=/.test(request.query);
  return isForm ? queryError(report, requestId, '', undefined) : s3Error(report, request, requestId, undefined);
}
