/**
 * What the headers of a request say about its place among others: which trace it belongs to, and which attempt of its
 * client it is. Read only when somebody listens.
 */
import { headerText } from '@stormglass/aws-wire';
import type { RequestHeaders, SpanParent } from './telemetry.ts';
import { contextOf } from './telemetry-span.ts';

export interface ClientAttempt {
  /** Equal for all attempts of one call (`amz-sdk-invocation-id`, AWS SDKs and Tools Reference Guide). */
  readonly invocationId: string | undefined;
  /** From `amz-sdk-request: attempt=2; max=3`; 1 is the first. */
  readonly attempt: number | undefined;
  readonly attemptsMax: number | undefined;
}

const TEXT_MAX = 128;
/** W3C Trace Context, 3.3.1.5: as much must be passed on; of more, nothing is. */
const TRACESTATE_MAX = 512;

export function attemptOf(headers: RequestHeaders): ClientAttempt {
  const invocationId = headerText(headers, 'amz-sdk-invocation-id')?.slice(0, TEXT_MAX);
  const said = headerText(headers, 'amz-sdk-request')?.slice(0, TEXT_MAX) ?? '';
  const number = (pattern: RegExp) => Number(pattern.exec(said)?.[1] ?? Number.NaN) || undefined;
  return {
    invocationId,
    attempt: number(/(?:^|[;\s])attempt=(\d{1,4})(?:;|$)/),
    attemptsMax: number(/(?:^|[;\s])max=(\d{1,4})(?:;|$)/),
  };
}

/** Few enough values for a metric. */
export const attemptLabel = ({ attempt = 1 }: ClientAttempt): string => (attempt > 3 ? '4+' : String(attempt));

/**
 * Where the span of a request belongs. The client's own trace comes first. Without one, the trace is named by the
 * invocation: SDKs send a UUID, which has as many bits as a trace id, so that attempts which meet different zones come
 * together in one trace, although no zone knows of the others.
 */
export function parentOf(headers: RequestHeaders, { invocationId }: ClientAttempt): SpanParent {
  const traceparent = headerText(headers, 'traceparent');
  if (traceparent !== undefined && contextOf(traceparent) !== contextOf(undefined)) {
    const tracestate = headerText(headers, 'tracestate');
    const isCarried = tracestate !== undefined && tracestate !== '' && tracestate.length <= TRACESTATE_MAX;
    return { trace: isCarried ? `${traceparent} ${tracestate}` : traceparent };
  }
  const traceId = traceIdOf(invocationId);
  return traceId === undefined ? {} : { traceId };
}

const UUID = /^[0-9a-f]{8}-[0-9a-f]{4}-[1-8][0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/i;

const traceIdOf = (invocationId: string | undefined): string | undefined =>
  invocationId !== undefined && UUID.test(invocationId) ? invocationId.replaceAll('-', '').toLowerCase() : undefined;
