import { gzipSync } from 'node:zlib';
import { systemClock } from '@stormglass/base';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type Collector, startCollector } from './collector.ts';
import type { JaegerTrace } from './jaeger/jaeger-forms.ts';
import { encodeOtlp } from './otlp/protobuf.ts';
import { MetricStore } from './store/metric-store.ts';
import { SpanStore } from './store/span-store.ts';
import { BEGAN_MS, metricsRequest, tracesRequest } from './testing/otlp-requests.ts';

const ONE = '0af7651916cd43dd8448eb211c80319c';
const TWO = '1bf7651916cd43dd8448eb211c80319c';
const SCRIPT = '<script>alert(1)</script>';

let collector: Collector;
beforeAll(async () => {
  collector = await startCollector({
    clock: { ...systemClock, now: () => BEGAN_MS + 60_000 },
    otlpPort: 0,
    queryPort: 0,
  });
});
afterAll(() => collector.close());

const post = (
  path: string,
  body: string | Buffer<ArrayBuffer> | Uint8Array<ArrayBuffer>,
  headers: Record<string, string> = {},
) =>
  fetch(collector.otlpEndpoint + path, {
    method: 'POST',
    body,
    headers: { 'content-type': 'application/json', ...headers },
  });

const ask = async <T>(path: string): Promise<T> => {
  const answer = await fetch(collector.queryEndpoint + path);
  return ((await answer.json()) as { data: T }).data;
};

const visit = async (path: string) => {
  const answer = await fetch(collector.queryEndpoint + path);
  return { status: answer.status, text: await answer.text() };
};

const CALL = [
  { trace: ONE, id: '1', name: 'app', service: 'app', ms: 40, kind: 3 },
  {
    ...{ trace: ONE, id: '2', parent: '1', name: 'iam.CreateRole', zone: 'z1', at: 1, ms: 30, kind: 2 },
    attributes: { 'rpc.service': 'iam', 'aws.request_id': 'r-1', 'http.response.status_code': 200 },
  },
  { trace: ONE, id: '3', parent: '2', name: 'log.commit', zone: 'z1', at: 2, ms: 20, kind: 3 },
  { trace: ONE, id: '4', parent: '3', name: 'log.apply', zone: 'z2', at: 9, ms: 1 },
];

describe('the collector', () => {
  it('answers what Jaeger answers about spans it was sent as JSON', async () => {
    const answer = await post('/v1/traces', JSON.stringify(tracesRequest(...CALL)));
    expect([answer.status, await answer.json()]).toEqual([200, {}]);
    expect(await ask('/api/services')).toEqual(['app', 'stormglass-zone']);
    expect(await ask('/api/services/stormglass-zone/operations')).toEqual([
      'iam.CreateRole',
      'log.apply',
      'log.commit',
    ]);
    expect(await ask('/api/operations?service=app')).toEqual([{ name: 'app', spanKind: 'client' }]);
    expect(await ask('/api/dependencies?endTs=1780000100000&lookback=1000000')).toEqual([
      { parent: 'app', child: 'stormglass-zone', callCount: 1 },
    ]);
    const [trace] = await ask<JaegerTrace[]>(`/api/traces/${ONE}`);
    expect(trace?.spans.map(span => [span.operationName, span.references[0]?.spanID, span.duration])).toEqual([
      ['app', undefined, 40_000],
      ['iam.CreateRole', '0000000000000001', 30_000],
      ['log.commit', '0000000000000002', 20_000],
      ['log.apply', '0000000000000003', 1000],
    ]);
    expect(trace?.spans[1]?.tags).toContainEqual({ key: 'http.response.status_code', type: 'int64', value: 200 });
    expect(Object.values(trace!.processes).map(({ serviceName }) => serviceName)).toEqual([
      ...['app', 'stormglass-zone', 'stormglass-zone'],
    ]);
  });

  it('takes protobuf, packed and plain, and knows no difference', async () => {
    const request = tracesRequest({
      ...{ trace: TWO, id: 'ab', zone: 'z3', name: 'packed', error: 'it broke', ms: 3 },
      attributes: { text: 'ä', number: -7, real: 0.5, yes: true },
    });
    const span = request.resourceSpans[0]!.scopeSpans[0]!.spans[0]!;
    const bytes = (hex: string) => Buffer.from(hex, 'hex');
    const binary = { ...span, traceId: bytes(span.traceId), spanId: bytes(span.spanId) };
    const sent = encodeOtlp('ExportTraceServiceRequest', {
      resourceSpans: [{ ...request.resourceSpans[0], scopeSpans: [{ spans: [binary] }] }],
    });
    const answer = await post('/v1/traces', gzipSync(sent), {
      ...{ 'content-type': 'application/x-protobuf', 'content-encoding': 'gzip' },
    });
    expect([answer.status, (await answer.bytes()).length]).toEqual([200, 0]);
    const fromProtobuf = await ask<JaegerTrace[]>(`/api/traces/${TWO}`);
    expect(fromProtobuf[0]?.spans[0]?.tags).toEqual([
      { key: 'text', type: 'string', value: 'ä' },
      { key: 'number', type: 'int64', value: -7 },
      { key: 'real', type: 'float64', value: 0.5 },
      { key: 'yes', type: 'bool', value: true },
      { key: 'span.kind', type: 'string', value: 'internal' },
      { key: 'error', type: 'bool', value: true },
      { key: 'otel.status_code', type: 'string', value: 'ERROR' },
      { key: 'otel.status_description', type: 'string', value: 'it broke' },
    ]);
    await post('/v1/traces', JSON.stringify(request));
    expect(await ask(`/api/traces/${TWO}`)).toEqual(fromProtobuf);
  });

  it('finds traces by service, operation, attribute and duration', async () => {
    const ids = async (query: string) => (await ask<JaegerTrace[]>(`/api/traces?${query}`)).map(t => t.traceID);
    expect(await ids('service=app')).toEqual([ONE]);
    expect(await ids('operation=packed')).toEqual([TWO]);
    expect(await ids(`tags=${encodeURIComponent('{"aws.request_id":"r-1"}')}`)).toEqual([ONE]);
    expect(await ids('tag=error:true')).toEqual([TWO]);
    expect(await ids('tag=cloud.availability_zone:z2')).toEqual([ONE]);
    expect(await ids('minDuration=25ms')).toEqual([ONE]);
    expect(await ids('limit=1')).toHaveLength(1);
    expect(await ids(`traceID=${ONE}&traceID=${TWO}`)).toEqual([ONE, TWO]);
    expect(await ids('start=1880000000000000')).toEqual([]);
  });

  it('says what is wrong with a request, and goes on', async () => {
    const refused = async (answer: Promise<Response>) => {
      const { status } = await answer;
      return [status, ((await (await answer).json()) as { message: string }).message];
    };
    expect(await refused(post('/v1/traces', '{'))).toEqual([400, expect.stringContaining('not application/json')]);
    expect(await refused(post('/v1/traces', 'x', { 'content-type': 'text/plain' }))).toEqual([
      ...[415, expect.stringContaining('content-type text/plain')],
    ]);
    expect(
      await refused(post('/v1/traces', Buffer.from([0xff]), { 'content-type': 'application/x-protobuf' })),
    ).toEqual([...[400, expect.stringContaining('not application/x-protobuf')]]);
    expect(await refused(post('/v1/traces', 'x', { 'content-encoding': 'gzip' }))).toEqual([
      ...[400, expect.stringContaining('cannot be unpacked')],
    ]);
    const bomb = gzipSync(Buffer.alloc(9 * 1024 * 1024));
    expect(await refused(post('/v1/traces', bomb, { 'content-encoding': 'gzip' }))).toEqual([400, expect.any(String)]);
    expect(await refused(post('/v1/logs', '{}'))).toEqual([404, expect.any(String)]);
    const partly = await post('/v1/traces', JSON.stringify(tracesRequest({ trace: 'zz', id: '1' })));
    expect(await partly.json()).toMatchObject({ partialSuccess: { rejectedSpans: '1' } });
    const deep = `${'{"arrayValue":{"values":['.repeat(2000)}1${']}}'.repeat(2000)}`;
    const nested = `{"resourceSpans":[{"resource":{"attributes":[{"key":"deep","value":${deep}}]}}]}`;
    expect((await post('/v1/traces', nested)).status).toBe(200);
    for (const odd of ['null', '[]', '{"resourceSpans":[null,{"scopeSpans":[{"spans":[7]}]}]}'])
      expect((await post('/v1/traces', odd)).status).toBe(200);
    for (const path of [
      '/api/traces?limit=x',
      '/api/traces?tags=x',
      '/api/traces/xyz',
      '/metrics?window=0',
      '/%E0%A4%A',
    ])
      expect((await visit(path)).status, path).toBe(400);
    for (const path of ['/api/nothing', '/nothing', `/api/traces/${'e'.repeat(32)}`, `/trace/${'e'.repeat(32)}`])
      expect((await visit(path)).status, path).toBe(404);
  });

  it('shows the list, the trace, the map and the dashboards, and trusts no text', async () => {
    await post(
      '/v1/traces',
      JSON.stringify(tracesRequest({ id: '9', name: SCRIPT, attributes: { [SCRIPT]: SCRIPT } })),
    );
    const calls = { metric: 'stormglass.call.duration', kind: 'histogram', bounds: [1], buckets: [4, 0] } as const;
    const attributes = { 'http.response.status_class': SCRIPT };
    await post('/v1/metrics', JSON.stringify(metricsRequest({ ...calls, attributes, at: 50_000, value: 4 })));
    const pages = [
      '/',
      `/?tag=${encodeURIComponent(SCRIPT)}`,
      '/trace/4bf92f3577b34da6a3ce929d0e0e4736',
      '/map',
      '/metrics',
    ];
    const shown = await Promise.all([...pages, `/trace/${ONE}`].map(visit));
    for (const { text } of shown) {
      expect(text).toContain('<main id="main">');
      expect(text).not.toContain(SCRIPT);
    }
    const [list, , , map, , trace] = shown.map(({ text }) => text);
    expect(list).toContain('iam.CreateRole');
    expect(trace).toContain('iam.CreateRole in z1: 200, after 30 ms.');
    expect(map).toMatch(/iam z1<\/td><td>log z1/);
  });

  it('keeps within its bounds', async () => {
    const spans = new SpanStore({ traces: 2, spans: 5, spansOfTrace: 3 });
    const metrics = new MetricStore({ series: 2, points: 3 });
    const small = await startCollector({ clock: systemClock, otlpPort: 0, queryPort: 0, stores: { spans, metrics } });
    const send = (path: string, request: object) =>
      fetch(small.otlpEndpoint + path, {
        method: 'POST',
        body: JSON.stringify(request),
        headers: { 'content-type': 'application/json' },
      });
    const trace = (n: number, count: number) =>
      tracesRequest(...Array.from({ length: count }, (_, i) => ({ trace: String(n).repeat(32), id: `${i + 1}` })));
    await send('/v1/traces', trace(1, 5));
    expect([spans.size, spans.dropped]).toEqual([{ traces: 1, spans: 3 }, 2]);
    await send('/v1/traces', trace(1, 3));
    expect(spans.size).toEqual({ traces: 1, spans: 3 });
    await send('/v1/traces', trace(2, 2));
    await send('/v1/traces', trace(3, 1));
    expect([...spans.newestFirst()].map(({ id }) => id[0])).toEqual(['3', '2']);
    for (const metric of ['a', 'b', 'c'])
      for (let at = 1; at <= 9; at++)
        await send('/v1/metrics', metricsRequest({ metric, kind: 'gauge', at: at * 1000, value: at }));
    expect([metrics.size, metrics.dropped]).toEqual([2, 9]);
    expect(metrics.of('a')[0]?.samples.map(({ value }) => value)).toEqual([7, 8, 9]);
    await small.close();
  });

  it('says when its port is taken', async () => {
    const queryPort = Number(new URL(collector.queryEndpoint).port);
    await expect(startCollector({ clock: systemClock, otlpPort: 0, queryPort })).rejects.toMatchObject({
      code: 'EADDRINUSE',
    });
  });
});
