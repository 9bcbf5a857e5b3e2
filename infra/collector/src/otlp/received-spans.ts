/** The spans in an `ExportTraceServiceRequest` of OTLP. */
import { attributesOf, type Fields, fieldsOf, idOf, listOf, microsecondsOf, numberOf, textOf } from './reading.ts';
import { type Attributes, KINDS, type Span } from './span.ts';

export interface ReceivedSpans {
  readonly spans: readonly Span[];
  /** Spans without the ids and the time that make one. */
  readonly rejected: number;
}

const EVENTS_MAX = 32;
const ERROR = 2;

export function receivedSpans(request: unknown): ReceivedSpans {
  const spans: Span[] = [];
  let rejected = 0;
  for (const resourceSpans of listOf(fieldsOf(request).resourceSpans).map(fieldsOf)) {
    const resource = attributesOf(fieldsOf(resourceSpans.resource).attributes);
    for (const scopeSpans of listOf(resourceSpans.scopeSpans).map(fieldsOf)) {
      for (const each of listOf(scopeSpans.spans)) {
        const span = spanOf(fieldsOf(each), resource);
        if (span === undefined) rejected++;
        else spans.push(span);
      }
    }
  }
  return { spans, rejected };
}

function spanOf(fields: Fields, resource: Attributes): Span | undefined {
  const traceId = idOf(fields.traceId, 32);
  const spanId = idOf(fields.spanId, 16);
  const startUs = microsecondsOf(fields.startTimeUnixNano);
  if (traceId === '' || spanId === '' || startUs === 0) return undefined;
  const parentId = idOf(fields.parentSpanId, 16);
  const traceState = textOf(fields.traceState);
  const { code, message } = fieldsOf(fields.status);
  const said = textOf(message);
  return {
    traceId,
    spanId,
    ...(parentId === '' ? {} : { parentId }),
    ...(traceState === '' ? {} : { traceState }),
    name: textOf(fields.name),
    kind: KINDS[numberOf(fields.kind) - 1] ?? 'internal',
    startUs,
    durationUs: Math.max(0, microsecondsOf(fields.endTimeUnixNano) - startUs),
    isError: numberOf(code) === ERROR,
    ...(said === '' ? {} : { message: said }),
    attributes: attributesOf(fields.attributes),
    events: listOf(fields.events).slice(0, EVENTS_MAX).map(eventOf),
    service: String(resource['service.name'] ?? 'unknown_service'),
    resource,
  };
}

function eventOf(value: unknown): Span['events'][number] {
  const { name, timeUnixNano, attributes } = fieldsOf(value);
  return { name: textOf(name), atUs: microsecondsOf(timeUnixNano), attributes: attributesOf(attributes) };
}
