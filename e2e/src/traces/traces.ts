/**
 * Traces of a region as a collector tells them, over the query API of Jaeger: the collector of this workspace or Jaeger
 * itself. Checks read a trace as its hops: the way from its root to each span, in words.
 */
import type { Dashboards, JaegerSpan, JaegerTrace } from '@stormglass/collector';
import { until } from '@stormglass/testing';

export interface CollectorAddress {
  /** Jaeger's query API: `http://127.0.0.1:16686`. */
  readonly queryEndpoint: string;
}

/**
 * The trace of the call with this request id, once `isComplete` holds for it: spans arrive in batches, from several
 * processes. Jaeger wants the service as well: `stormglass-zone`, or that of a container.
 */
export function traceOf(
  { queryEndpoint }: CollectorAddress,
  requestId: string,
  isComplete: (trace: JaegerTrace) => boolean,
  service = 'stormglass-zone',
): Promise<JaegerTrace> {
  const query = new URLSearchParams({ service, tags: JSON.stringify({ 'aws.request_id': requestId }) });
  return until(`the trace of request ${requestId}`, async () => {
    const [trace] = await ask<JaegerTrace[]>(`${queryEndpoint}/api/traces?${query}`);
    if (trace === undefined) return undefined;
    if (!isComplete(trace)) throw new Error(`so far: ${hopsOf(trace).join(', ')}`);
    return trace;
  });
}

/** Only the collector of this workspace has them. */
export const dashboardsOf = ({ queryEndpoint }: CollectorAddress, windowS: number): Promise<Dashboards> =>
  ask<Dashboards>(`${queryEndpoint}/api/stormglass/dashboards?window=${windowS}`);

async function ask<T>(url: string): Promise<T> {
  const answer = await fetch(url);
  if (!answer.ok) throw new Error(`${url}: ${answer.status} ${await answer.text()}`);
  return ((await answer.json()) as { data: T }).data;
}

/**
 * The ways from the root to each span, sorted: `app > iam.CreateRole@use1-az1 > log.commit@use1-az1`. The zone stands
 * behind the name, for spans that have one.
 * @throws Error when a span's parent is not in the trace, or parents make a circle
 */
export function hopsOf(trace: JaegerTrace): string[] {
  const byId = new Map(trace.spans.map(span => [span.spanID, span]));
  const wayTo = (span: JaegerSpan, below: readonly JaegerSpan[]): string => {
    if (below.includes(span)) throw new Error(`${span.operationName} is its own ancestor`);
    const own = nameOf(trace, span);
    const parentId = span.references.find(({ refType }) => refType === 'CHILD_OF')?.spanID;
    if (parentId === undefined) return own;
    const parent = byId.get(parentId);
    if (parent === undefined) throw new Error(`${own} is an orphan: its parent ${parentId} is not in the trace`);
    return `${wayTo(parent, [...below, span])} > ${own}`;
  };
  return trace.spans.map(span => wayTo(span, [])).sort();
}

/** Zones of the spans of that name, sorted. */
export const zonesOf = (trace: JaegerTrace, operation: string): string[] =>
  trace.spans
    .filter(({ operationName }) => operationName === operation)
    .map(span => zoneOf(trace, span) ?? '')
    .sort();

/** What a span says of itself. */
export const tagsOf = ({ tags }: JaegerSpan): Record<string, unknown> =>
  Object.fromEntries(tags.map(({ key, value }) => [key, value]));

const nameOf = (trace: JaegerTrace, span: JaegerSpan): string => {
  const zone = zoneOf(trace, span);
  return zone === undefined ? span.operationName : `${span.operationName}@${zone}`;
};

function zoneOf({ processes }: JaegerTrace, { processID }: JaegerSpan): string | undefined {
  const tag = processes[processID]?.tags.find(({ key }) => key === 'cloud.availability_zone');
  return tag === undefined ? undefined : String(tag.value);
}
