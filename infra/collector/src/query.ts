/**
 * Answers questions: the HTTP API that Jaeger's query service has (for its clients), dashboards as JSON, and pages for
 * people. Everything is read-only.
 */
import type { IncomingMessage, RequestListener, ServerResponse } from 'node:http';
import type { Clock } from '@stormglass/base';
import { jaegerTrace } from './jaeger/jaeger-forms.ts';
import { BadQuery, traceQuery } from './jaeger/jaeger-query.ts';
import { zoneOf } from './otlp/span.ts';
import { SCRIPT, STYLE } from './pages/layout.ts';
import { mapPage } from './pages/map-page.ts';
import { metricsPage, WINDOWS_S } from './pages/metrics-page.ts';
import { traceList } from './pages/trace-list.ts';
import { tracePage } from './pages/trace-page.ts';
import type { Stores } from './receiver.ts';
import type { Grid } from './store/curves.ts';
import { type Dashboards, dashboards } from './store/dashboards.ts';
import { edgesBetween, partOf, serviceOf } from './store/service-map.ts';
import { operationsOf, searchTraces, servicesIn } from './store/trace-search.ts';

const MOMENTS = 150;
const WINDOW_USUAL_S = 300;
const ID = /^[0-9a-f]{1,32}$/;

interface Answer {
  readonly status: number;
  readonly type: string;
  readonly text: string;
}

export function queryApi(stores: Stores, clock: Clock): RequestListener {
  return (request, response) => {
    const { status, type, text } = answerTo(request, stores, clock);
    response.writeHead(status, {
      ...{ 'content-type': type, 'cache-control': 'no-store', 'x-content-type-options': 'nosniff' },
      'content-security-policy': "default-src 'self'; style-src 'self' 'unsafe-inline'; img-src data:",
    });
    send(request, response, text);
  };
}

const send = (request: IncomingMessage, response: ServerResponse, text: string): void =>
  void response.end(request.method === 'HEAD' ? undefined : text);

function answerTo(request: IncomingMessage, stores: Stores, clock: Clock): Answer {
  if (request.method !== 'GET' && request.method !== 'HEAD') return failure(405, 'GET only');
  try {
    const url = new URL(request.url ?? '/', 'http://collector');
    const path = url.pathname
      .replace(/(?<=.)\/$/, '')
      .split('/')
      .slice(1)
      .map(decodeURIComponent);
    return path[0] === 'api'
      ? api(path.slice(1), url.searchParams, stores, clock)
      : pageAt(path, url.searchParams, stores, clock);
  } catch (error) {
    const isAsked = error instanceof BadQuery || error instanceof URIError || error instanceof TypeError;
    return failure(isAsked ? 400 : 500, (error as Error).message);
  }
}

function api(path: readonly string[], asked: URLSearchParams, { spans, metrics }: Stores, clock: Clock): Answer {
  const [what, name, more] = path;
  switch (true) {
    case what === 'services' && name === undefined:
      return data(servicesIn(spans));
    case what === 'services' && more === 'operations':
      return data(operationsOf(spans, name!).map(each => each.name));
    case what === 'operations' && name === undefined:
      return data(
        operationsOf(spans, asked.get('service') ?? '').map(each => ({ name: each.name, spanKind: each.kind })),
      );
    case what === 'traces' && name !== undefined: {
      const trace = spans.trace(traceId(name));
      return trace === undefined ? failure(404, 'trace not found') : data([jaegerTrace(trace)]);
    }
    case what === 'traces': {
      const ids = asked.getAll('traceID');
      const found =
        ids.length > 0 ? ids.flatMap(id => spans.trace(traceId(id)) ?? []) : searchTraces(spans, traceQuery(asked));
      return data(found.map(jaegerTrace));
    }
    case what === 'dependencies':
      return data(
        edgesBetween(within(spans.newestFirst(), asked), serviceOf).map(({ parent, child, callCount }) => ({
          ...{ parent, child, callCount },
        })),
      );
    case what === 'stormglass' && name === 'dashboards':
      return data(dashboardsOf({ spans, metrics }, asked, clock));
    case what === 'stormglass' && name === 'status':
      return data({
        ...spans.size,
        series: metrics.size,
        dropped: { spans: spans.dropped, points: metrics.dropped },
      });
    default:
      return failure(404, 'not here');
  }
}

function pageAt(path: readonly string[], asked: URLSearchParams, stores: Stores, clock: Clock): Answer {
  const { spans } = stores;
  switch (path[0]) {
    case '':
      return listPage(asked, stores);
    case 'trace': {
      const trace = spans.trace(traceId(path[1] ?? ''));
      return trace === undefined
        ? failure(404, 'This trace is not here, or not here any more.')
        : web(tracePage(trace));
    }
    case 'map': {
      const traces = [...spans.newestFirst()];
      const zones = traces.flatMap(trace => trace.spans.map(zoneOf));
      return web(mapPage(edgesBetween(traces, partOf), zones));
    }
    case 'metrics':
      return web(metricsPage(dashboardsOf(stores, asked, clock), windowOf(asked)));
    case 'page.css':
      return { status: 200, type: 'text/css; charset=utf-8', text: STYLE };
    case 'page.js':
      return { status: 200, type: 'text/javascript; charset=utf-8', text: SCRIPT };
    default:
      return failure(404, 'not here');
  }
}

function listPage(asked: URLSearchParams, { spans }: Stores): Answer {
  const services = servicesIn(spans);
  try {
    // A form sends its empty fields as well.
    const filled = new URLSearchParams([...asked].filter(([, value]) => value.trim() !== ''));
    const query = traceQuery(filled);
    return web(traceList({ traces: searchTraces(spans, query), services, query }));
  } catch (error) {
    if (!(error instanceof BadQuery)) throw error;
    return { ...web(traceList({ traces: [], services, query: { limit: 0 }, complaint: error.message })), status: 400 };
  }
}

/** Jaeger takes ids without their leading zeros. */
function traceId(text: string): string {
  const id = text.toLowerCase();
  if (!ID.test(id)) throw new BadQuery('a trace id is up to 32 hexadecimal digits');
  return id.padStart(32, '0');
}

/** Traces that began between `endTs - lookback` and `endTs`, in ms, as Jaeger asks for dependencies. */
function* within(traces: ReturnType<Stores['spans']['newestFirst']>, asked: URLSearchParams) {
  const end = Number(asked.get('endTs') ?? Number.MAX_SAFE_INTEGER / 1000) * 1000;
  const start = end - Number(asked.get('lookback') ?? Number.MAX_SAFE_INTEGER / 1000) * 1000;
  for (const trace of traces) {
    const { startUs } = trace.spans[0]!;
    if (startUs >= start && startUs <= end) yield trace;
  }
}

function windowOf(asked: URLSearchParams): number {
  const seconds = Number(asked.get('window') ?? WINDOW_USUAL_S);
  if (!Number.isFinite(seconds) || seconds < 1 || seconds > WINDOWS_S.at(-1)!)
    throw new BadQuery('`window`: 1 to 3600 s');
  return seconds;
}

function dashboardsOf({ metrics }: Stores, asked: URLSearchParams, clock: Clock): Dashboards {
  const stepMs = (windowOf(asked) * 1000) / MOMENTS;
  const grid: Grid = { fromMs: clock.now() - stepMs * MOMENTS, stepMs, count: MOMENTS };
  return dashboards(metrics, grid);
}

const web = (text: string): Answer => ({ status: 200, type: 'text/html; charset=utf-8', text });

/** The envelope of every answer of Jaeger's query service. */
const data = (value: unknown): Answer => ({
  status: 200,
  type: 'application/json',
  text: JSON.stringify({
    data: value,
    total: Array.isArray(value) ? value.length : 0,
    limit: 0,
    offset: 0,
    errors: null,
  }),
});

const failure = (code: number, msg: string): Answer => ({
  status: code,
  type: 'application/json',
  text: JSON.stringify({ data: null, total: 0, limit: 0, offset: 0, errors: [{ code, msg }] }),
});
