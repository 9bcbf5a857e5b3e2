import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import { jsonLogger, systemClock } from '@stormglass/base';
import { MemoryLog } from '@stormglass/replicated-state';
import { until } from '@stormglass/testing';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { openTelemetry } from './open-telemetry.ts';
import { silentTelemetry, type Telemetry } from './telemetry.ts';
import { type CollectorStub, startCollectorStub } from './testing/collector-stub.ts';
import { startTestZone, type TestZone } from './testing/telemetry-zones.ts';

const TRACE_ID = '4bf92f3577b34da6a3ce929d0e0e4736';
const PARENT_ID = '00f067aa0ba902b7';
const TRACEPARENT = `00-${TRACE_ID}-${PARENT_ID}-01`;
const HEX_32 = /^[0-9a-f]{32}$/;

const environment = { ...process.env };
let collector: CollectorStub;
let endings: (() => Promise<void>)[];

beforeEach(async () => {
  collector = await startCollectorStub();
  endings = [];
  process.env.OTEL_EXPORTER_OTLP_ENDPOINT = collector.endpoint;
});

afterEach(async () => {
  for (const end of endings) await end();
  await collector.close();
  process.env = { ...environment };
});

async function open(zone = 'eu-test-1a'): Promise<Telemetry> {
  const telemetry = await openTelemetry({ service: 'stormglass-zone', region: 'eu-test-1', zone });
  endings.unshift(() => telemetry.close());
  return telemetry;
}

async function zoneOf(log: MemoryLog, telemetry: Telemetry, zone = 'eu-test-1a'): Promise<TestZone> {
  const started = await startTestZone(zone, log, telemetry);
  endings.unshift(() => started.close());
  return started;
}

const zoneNameOf = (span: CollectorStub['spans'][number]) => span.resource['cloud.availability_zone'];

describe('a server span', () => {
  it('belongs to the trace of the request, and says what was called', async () => {
    process.env.OTEL_EXPORTER_OTLP_HEADERS = 'x-api-key=secret';
    process.env.OTEL_RESOURCE_ATTRIBUTES = 'deployment.environment.name=test';
    const telemetry = await open();
    const zone = await zoneOf(new MemoryLog(systemClock), telemetry);
    const response = await zone.call('Get', { traceparent: TRACEPARENT });
    await telemetry.flush();
    expect(response.status).toBe(200);
    expect(collector.spans).toHaveLength(1);
    expect(collector.spans[0]).toMatchObject({
      name: 'ledger.Get',
      kind: 2,
      traceId: TRACE_ID,
      parentSpanId: PARENT_ID,
      attributes: {
        'rpc.service': 'ledger',
        'rpc.method': 'Get',
        'http.response.status_code': 200,
        'aws.request_id': response.headers['x-amzn-requestid'],
      },
      resource: {
        'service.name': 'stormglass-zone',
        'cloud.region': 'eu-test-1',
        'cloud.availability_zone': 'eu-test-1a',
        'process.pid': process.pid,
        'deployment.environment.name': 'test',
      },
    });
    expect(collector.apiKey).toBe('secret');
  });

  it('begins a new trace when the header makes no sense', async () => {
    const telemetry = await open();
    const zone = await zoneOf(new MemoryLog(systemClock), telemetry);
    for (const traceparent of ['nonsense', `00-${'0'.repeat(32)}-${PARENT_ID}-01`, `ff-${TRACE_ID}-${PARENT_ID}-01`])
      await zone.call('Get', { traceparent });
    await telemetry.flush();
    expect(collector.spans).toHaveLength(3);
    for (const { traceId, parentSpanId } of collector.spans) {
      expect(traceId).toMatch(HEX_32);
      expect(traceId).not.toBe(TRACE_ID);
      expect(parentSpanId ?? '').toBe('');
    }
  });

  it('is found again from the log line of the call', async () => {
    const lines: string[] = [];
    const telemetry = await open();
    const logger = jsonLogger(systemClock, line => lines.push(line), 'debug');
    const zone = await startTestZone('eu-test-1a', new MemoryLog(systemClock), telemetry, logger);
    endings.unshift(() => zone.close());
    const response = await zone.call('Get', { traceparent: TRACEPARENT });
    const logged = lines.map(line => JSON.parse(line)).find(line => line.message === 'call');
    expect(logged).toMatchObject({ traceId: TRACE_ID, requestId: response.headers['x-amzn-requestid'] });
  });

  it('follows the name that a sampler has', async () => {
    Object.assign(process.env, { OTEL_TRACES_SAMPLER: 'parentbased_traceidratio', OTEL_TRACES_SAMPLER_ARG: '0' });
    process.env.OTEL_SERVICE_NAME = 'renamed';
    const telemetry = await open();
    const zone = await zoneOf(new MemoryLog(systemClock), telemetry);
    await zone.call('Get');
    await zone.call('Get', { traceparent: TRACEPARENT });
    await telemetry.flush();
    expect(collector.spans.map(s => s.traceId)).toEqual([TRACE_ID]);
    expect(collector.spans[0]!.resource['service.name']).toBe('renamed');
  });
});

describe('a write', () => {
  async function twoZones(): Promise<{ log: MemoryLog; zones: TestZone[]; flush: () => Promise<unknown> }> {
    const log = new MemoryLog(systemClock);
    const telemetries = [await open('eu-test-1a'), await open('eu-test-1b')];
    const zones = [await zoneOf(log, telemetries[0]!, 'eu-test-1a'), await zoneOf(log, telemetries[1]!, 'eu-test-1b')];
    // The first batch of a replica is empty; with it out of the way, mishaps befall the command itself.
    await zones[0]!.call('Add', { traceparent: TRACEPARENT.replace(/1$/, '0') });
    const flush = () => Promise.all(telemetries.map(t => t.flush()));
    return { log, zones, flush };
  }

  const applied = async ({ log, zones }: { log: MemoryLog; zones: TestZone[] }) =>
    until('both zones to apply everything', () => zones.every(z => z.replica.applied === log.last));

  it('shows the call, its commit and the apply in every zone', async () => {
    const { log, zones, flush } = await twoZones();
    await zones[0]!.call('Add', { traceparent: TRACEPARENT });
    await applied({ log, zones });
    await flush();
    const [call, ...more] = collector.spans.filter(s => s.name === 'ledger.Add');
    const [commit, ...others] = collector.spans.filter(s => s.name === 'log.commit');
    const applies = collector.spans.filter(s => s.name === 'log.apply');
    expect([more, others]).toEqual([[], []]);
    expect(call).toMatchObject({ traceId: TRACE_ID, parentSpanId: PARENT_ID });
    expect(commit).toMatchObject({ traceId: TRACE_ID, parentSpanId: call!.spanId, kind: 3 });
    expect(commit!.attributes).toMatchObject({ 'stormglass.log.name': 'ledger', 'stormglass.log.attempts': 1 });
    expect(commit!.attributes['stormglass.log.position']).toBe(log.last);
    expect(applies.map(zoneNameOf).sort()).toEqual(['eu-test-1a', 'eu-test-1b']);
    for (const apply of applies) {
      expect(apply).toMatchObject({ traceId: TRACE_ID, parentSpanId: commit!.spanId });
      expect(apply.attributes).toMatchObject({
        'stormglass.log.position': log.last,
        'stormglass.log.outcome': 'applied',
      });
    }
  });

  it('keeps its trace when its batch is proposed again', async () => {
    const { log, zones, flush } = await twoZones();
    const mishaps = ['refused', 'refused'] as const;
    let next = 0;
    log.mishap = () => mishaps[next++] ?? 'none';
    await zones[0]!.call('Add', { traceparent: TRACEPARENT });
    await applied({ log, zones });
    await flush();
    const commits = collector.spans.filter(s => s.name === 'log.commit');
    expect(commits.map(c => c.attributes['stormglass.log.attempts'])).toEqual([3]);
    expect(collector.spans.filter(s => s.name === 'log.apply').map(s => s.parentSpanId)).toEqual(
      Array(2).fill(commits[0]!.spanId),
    );
  });

  it('marks the second copy of a batch that was stored twice', async () => {
    const { log, zones, flush } = await twoZones();
    log.mishap = () => 'stored-twice';
    await zones[0]!.call('Add', { traceparent: TRACEPARENT });
    await applied({ log, zones });
    await flush();
    const inZoneB = collector.spans.filter(s => s.name === 'log.apply' && zoneNameOf(s) === 'eu-test-1b');
    expect(inZoneB.map(s => s.attributes['stormglass.log.repeated'])).toEqual([undefined, true]);
    expect(zones[1]!.replica.view.total).toBe(4);
  });

  it('says that a commit failed', async () => {
    const { log, zones, flush } = await twoZones();
    log.stalled = true;
    const response = await zones[0]!.call('Add', { traceparent: TRACEPARENT });
    log.stalled = false;
    await flush();
    expect(response.status).toBe(503);
    const failed = collector.spans.filter(s => s.status === 2).map(s => s.name);
    expect(failed.sort()).toEqual(['ledger.Add', 'log.commit']);
  });

  it('carries nothing through the log when its trace is not sampled', async () => {
    const { log, zones } = await twoZones();
    await zones[0]!.call('Add', { traceparent: TRACEPARENT.replace(/1$/, '0') });
    expect(log.read(1).some(entry => Buffer.from(entry.payload).includes('traces'))).toBe(false);
    await zones[0]!.call('Add', { traceparent: TRACEPARENT });
    expect(Buffer.from(log.read(log.last)[0]!.payload).includes(TRACE_ID)).toBe(true);
  });
});

describe('metrics', () => {
  it('arrive when flushed', async () => {
    const telemetry = await open();
    const zone = await zoneOf(new MemoryLog(systemClock), telemetry);
    await zone.call('Get');
    await zone.call('Add');
    await zone.call('Add', { authorization: 'AWS4-HMAC-SHA256 nonsense' });
    const places = Array.from({ length: 8 }, () => zone.admission.enter());
    await zone.call('Get');
    await telemetry.flush();
    for (const _ of places) zone.admission.leave();
    const latest = (metric: string) => collector.points.find(p => p.metric === metric)?.value;
    const calls = collector.points.filter(p => p.metric === 'stormglass.call.duration');
    const shape = calls.map(({ value, attributes: a }) => [
      ...[value, a['rpc.service'], a['rpc.method'], a['http.response.status_class'], a['error.type']],
    ]);
    expect(shape).toContainEqual([1, 'ledger', 'Get', '2xx', undefined]);
    expect(shape).toContainEqual([1, 'ledger', 'Add', '2xx', undefined]);
    expect(shape.filter(([, , , status]) => status === '4xx')).toHaveLength(1);
    expect(shape.filter(([, , , status]) => status === '5xx')).toHaveLength(1);
    expect(latest('stormglass.admission.refused')).toBe(1);
    expect(latest('stormglass.call.in_flight')).toBe(8);
    expect(latest('stormglass.log.applied')).toBe(zone.replica.applied);
    expect(latest('stormglass.log.health')).toBe(0);
    expect(latest('process.memory.usage')).toBeGreaterThan(1e6);
    expect(latest('nodejs.eventloop.delay.p99')).toBeGreaterThanOrEqual(0);
  });
});

describe('a collector', () => {
  it('that is down does not disturb calls, and does not hold up the end', async () => {
    await collector.close();
    const warnings: unknown[] = [];
    const onWarning = (warning: Error) => warnings.push(warning);
    process.on('warning', onWarning);
    endings.push(async () => void process.off('warning', onWarning));
    const telemetry = await open();
    const zone = await zoneOf(new MemoryLog(systemClock), telemetry);
    for (let i = 0; i < 50; i++) expect((await zone.call('Add')).status).toBe(200);
    await telemetry.close();
    expect(warnings.length).toBeLessThan(2);
    collector = await startCollectorStub();
  });

  it('that never answers costs spans, not calls', async () => {
    Object.assign(process.env, { OTEL_BSP_MAX_QUEUE_SIZE: '16', OTEL_BSP_MAX_EXPORT_BATCH_SIZE: '4' });
    collector.hangs = true;
    const telemetry = await open();
    const zone = await zoneOf(new MemoryLog(systemClock), telemetry);
    for (let i = 0; i < 50; i++) expect((await zone.call('Get')).status).toBe(200);
    collector.hangs = false;
    await telemetry.close();
    const dropped = collector.points.filter(
      p => p.metric === 'otel.sdk.processor.span.processed' && p.attributes['error.type'] === 'queue_full',
    );
    // Four are stuck in the export that hangs, sixteen fit into the queue.
    expect(dropped.map(p => p.value)).toEqual([30]);
  });
});

describe('without an endpoint', () => {
  it('is silent', async () => {
    delete process.env.OTEL_EXPORTER_OTLP_ENDPOINT;
    expect(await openTelemetry({ service: 's', region: 'r', zone: 'z' })).toBe(silentTelemetry);
    process.env.OTEL_EXPORTER_OTLP_ENDPOINT = collector.endpoint;
    process.env.OTEL_SDK_DISABLED = 'true';
    expect(await openTelemetry({ service: 's', region: 'r', zone: 'z' })).toBe(silentTelemetry);
  });

  it('loads none of the libraries', async () => {
    const script = `
      import { registerHooks } from 'node:module';
      let loaded = 0;
      registerHooks({ load(url, context, next) { if (url.includes('opentelemetry')) loaded++; return next(url, context); } });
      const { openTelemetry } = await import(${JSON.stringify(import.meta.resolve('./index.ts'))});
      const resource = { service: 's', region: 'r', zone: 'z' };
      await openTelemetry(resource);
      const without = loaded;
      process.env.OTEL_EXPORTER_OTLP_ENDPOINT = 'http://127.0.0.1:9';
      await openTelemetry(resource);
      console.log(JSON.stringify([without, loaded > 0]));
      process.exit();`;
    const env = { PATH: process.env.PATH ?? '' };
    const { stdout } = await promisify(execFile)(process.execPath, ['--input-type=module', '-e', script], { env });
    expect(JSON.parse(stdout)).toEqual([0, true]);
  });
});
