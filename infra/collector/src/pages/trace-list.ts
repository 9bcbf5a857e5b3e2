/** The page on which one finds a trace. */
import { type Span, zoneOf } from '../otlp/span.ts';
import type { Trace } from '../store/span-store.ts';
import type { TraceQuery } from '../store/trace-search.ts';
import { Colours } from './colours.ts';
import { dayAndTime, duration } from './format.ts';
import { type Html, html } from './html.ts';
import { page } from './layout.ts';

export interface TraceListOptions {
  readonly traces: readonly Trace[];
  readonly services: readonly string[];
  readonly query: TraceQuery;
  /** What was asked for and makes no sense. */
  readonly complaint?: string | undefined;
}

export function traceList({ traces, services, query, complaint }: TraceListOptions): string {
  const colours = Colours.of(traces.flatMap(({ spans }) => spans));
  const rows = traces.map(trace => row(trace, colours));
  const main = html`<h1>Traces</h1>
<div class="card">${searchForm(services, query)}${complaint === undefined ? undefined : html`<p class="bad" role="alert">${complaint}</p>`}</div>
<div class="card">${
    rows.length === 0
      ? html`<p>No trace meets this. Traces come in about a second after their calls.</p>`
      : html`<table><thead><tr><th>Began (UTC)</th><th>Trace</th><th>Zones</th><th class="number">Spans</th>
<th class="number">Attempts</th><th class="number">Errors</th><th class="number">Duration</th></tr></thead><tbody>${rows}</tbody></table>`
  }</div>`;
  return page({ title: 'Traces', path: '/', main, follows: true });
}

function searchForm(services: readonly string[], query: TraceQuery): Html {
  const tag = Object.entries(query.tags ?? {})[0];
  const minimum = query.durationMinUs === undefined ? '' : `${query.durationMinUs}us`;
  return html`<form method="get" action="/" role="search">
<label>Service <select name="service"><option value="">any</option>${services.map(name =>
    name === query.service ? html`<option selected>${name}</option>` : html`<option>${name}</option>`,
  )}</select></label>
<label>Operation <input name="operation" value="${query.operation ?? ''}" placeholder="iam.CreateRole"></label>
<label>Attribute <input name="tag" size="42" value="${tag?.join(':') ?? ''}" placeholder="aws.sdk.invocation_id:…"></label>
<label>Longer than <input name="minDuration" size="8" value="${minimum}" placeholder="100ms"></label>
<button>Find</button></form>`;
}

/** How a trace is called: by the first of its spans that has no parent in it. */
export const rootOf = ({ spans }: Trace): Span => {
  const present = new Set(spans.map(({ spanId }) => spanId));
  return spans.find(({ parentId }) => parentId === undefined || !present.has(parentId)) ?? spans[0]!;
};

/** From its first beginning to its last end. */
export const lengthOf = ({ spans }: Trace): number =>
  spans.reduce((end, span) => Math.max(end, span.startUs + span.durationUs), 0) - (spans[0]?.startUs ?? 0);

/** The name of what was called, rather than of the door it came through. */
export function titleOf(trace: Trace): string {
  const called = trace.spans.find(({ attributes }) => attributes['rpc.method'] !== undefined);
  return (called ?? rootOf(trace)).name;
}

function row(trace: Trace, colours: Colours): Html {
  const { id, spans } = trace;
  const errors = spans.filter(({ isError }) => isError).length;
  const attempts = spans.filter(({ attributes }) => attributes['aws.request_id'] !== undefined).length;
  const zones = [...new Set(spans.map(zoneOf))].filter(zone => zone !== '').sort();
  return html`<tr><td class="mono">${dayAndTime(rootOf(trace).startUs)}</td>
<td><a href="/trace/${id}">${titleOf(trace)}</a> <span class="dim mono">${id.slice(0, 8)}</span></td>
<td>${zones.map(zone => zoneTag(zone, colours))}</td><td class="number">${spans.length}</td><td class="number">${attempts}</td>
<td class="number">${errors === 0 ? '' : html`<span class="bad">${errors}</span>`}</td>
<td class="number">${duration(lengthOf(trace))}</td></tr>`;
}

export const zoneTag = (zone: string, colours: Colours): Html =>
  html`<span class="zone" style="background:${colours.ofZone(zone)}">${zone}</span> `;
