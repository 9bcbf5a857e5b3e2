/** Tells of an answer: counts it, ends its span, logs it, and marks the response with where and how it was made. */
import { AwsError, type WireResponse } from '@stormglass/aws-wire';
import { type Clock, errorStory, type Logger } from '@stormglass/base';
import type { Span, Telemetry } from './telemetry.ts';

export interface CallReportOptions {
  readonly clock: Clock;
  readonly logger: Logger;
  readonly telemetry: Telemetry;
  readonly zone: string;
}

/** What became of a request. */
export interface ReportedCall {
  readonly requestId: string;
  readonly startedAt: number;
  readonly span: Span | undefined;
  readonly service: { readonly model: { readonly id: string } } | undefined;
  readonly operation: string;
  readonly principal: string;
  readonly isMutation: boolean;
  /** A read that could not be confirmed was answered from the zone's own copy. */
  readonly readLocally: boolean;
  /** The injected fault that the call met: the id of its rule. */
  readonly fault: string | undefined;
}

export function report(
  { clock, logger, telemetry, zone }: CallReportOptions,
  call: ReportedCall,
  response: WireResponse,
  error: unknown,
): WireResponse {
  const { requestId, operation, span, principal, fault } = call;
  const service = call.service?.model.id ?? '';
  response.headers['x-stormglass-zone'] = zone;
  if (call.readLocally) response.headers['x-stormglass-read'] = 'local';
  if (fault !== undefined) response.headers['x-stormglass-fault'] = fault;
  const errorCode = error === undefined ? undefined : error instanceof AwsError ? error.code : 'InternalFailure';
  const durationMs = clock.monotonic() - call.startedAt;
  telemetry.call({ service, operation, status: response.status, errorCode, durationMs });
  if (span !== undefined) {
    span.attribute('rpc.system', 'aws-api');
    span.attribute('rpc.service', service);
    span.attribute('rpc.method', operation);
    span.attribute('aws.request_id', requestId);
    span.attribute('http.response.status_code', response.status);
    if (errorCode !== undefined) span.attribute('error.type', errorCode);
    if (call.readLocally) span.attribute('stormglass.read', 'local');
    if (fault !== undefined) span.attribute('stormglass.fault', fault);
    span.end(response.status >= 500 ? error : undefined);
  }
  const isTold = call.isMutation || fault !== undefined;
  const level = response.status >= 500 && fault === undefined ? 'error' : isTold ? 'info' : 'debug';
  const story = level === 'error' ? { error: errorStory(error) } : {};
  const traceId = span === undefined ? {} : { traceId: span.traceId };
  logger[level]('call', {
    requestId,
    ...traceId,
    service,
    operation,
    principal,
    status: response.status,
    errorCode,
    ...(fault === undefined ? {} : { fault }),
    ...story,
  });
  return response;
}
