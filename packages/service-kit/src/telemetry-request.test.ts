import { systemClock } from '@stormglass/base';
import { MemoryLog } from '@stormglass/replicated-state';
import { until } from '@stormglass/testing';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { openTelemetry } from './open-telemetry.ts';
import type { Telemetry } from './telemetry.ts';
import { attemptLabel, attemptOf } from './telemetry-request.ts';
import { type CollectorStub, startCollectorStub } from './testing/collector-stub.ts';
import { startTestZone, type TestZone } from './testing/telemetry-zones.ts';

const TRACE_ID = '4bf92f3577b34da6a3ce929d0e0e4736';
const PARENT_ID = '00f067aa0ba902b7';
const TRACEPARENT = `00-${TRACE_ID}-${PARENT_ID}-01`;
const INVOCATION = '0B5a5d5e-6d0c-4f0e-9b8e-2f1f3f4f5f6f';
const INVOCATION_TRACE = '0b5a5d5e6d0c4f0e9b8e2f1f3f4f5f6f';

const environment = { ...process.env };
let collector: CollectorStub;
let log: MemoryLog;
let telemetries: Telemetry[];
let zones: TestZone[];

beforeEach(async () => {
  collector = await startCollectorStub();
  process.env.OTEL_EXPORTER_OTLP_ENDPOINT = collector.endpoint;
  log = new MemoryLog(systemClock);
  const names = ['eu-test-1a', 'eu-test-1b'];
  telemetries = await Promise.all(
    names.map(zone => openTelemetry({ service: 'stormglass-zone', region: 'eu-test-1', zone })),
  );
  zones = await Promise.all(names.map((zone, i) => startTestZone(zone, log, telemetries[i]!)));
});

afterEach(async () => {
  await Promise.all(zones.map(zone => zone.close()));
  await Promise.all(telemetries.map(telemetry => telemetry.close()));
  await collector.close();
  process.env = { ...environment };
});

const attempt = (n: number) => ({ 'amz-sdk-invocation-id': INVOCATION, 'amz-sdk-request': `attempt=${n}; max=3` });
const flush = () => Promise.all(telemetries.map(telemetry => telemetry.flush()));
const spans = (name: string) => collector.spans.filter(span => span.name === name);

describe('attempts of one call', () => {
  it('come together in one trace, whichever zones they meet', async () => {
    await zones[0]!.call('Get', attempt(1));
    await zones[1]!.call('Get', attempt(2));
    await flush();
    expect(
      spans('ledger.Get').map(({ traceId, parentSpanId, attributes: a }) => [
        traceId,
        parentSpanId ?? '',
        a['aws.sdk.attempt'],
      ]),
    ).toEqual([
      [INVOCATION_TRACE, '', 1],
      [INVOCATION_TRACE, '', 2],
    ]);
    expect(spans('ledger.Get')[1]!.attributes).toMatchObject({
      'aws.sdk.invocation_id': INVOCATION,
      'aws.sdk.attempts_max': 3,
    });
  });

  it('stay where their client traces them, and say to which call they belong', async () => {
    await zones[0]!.call('Get', { ...attempt(1), traceparent: TRACEPARENT });
    await zones[0]!.call('Get', { ...attempt(2), traceparent: 'nonsense' });
    await flush();
    expect(spans('ledger.Get').map(({ traceId }) => traceId)).toEqual([TRACE_ID, INVOCATION_TRACE]);
    expect(spans('ledger.Get').map(({ attributes }) => attributes['aws.sdk.invocation_id'])).toEqual([
      INVOCATION,
      INVOCATION,
    ]);
  });

  it('leave no trace of theirs to the next call', async () => {
    await zones[0]!.call('Get', attempt(1), { arrival: { door: 'region', acceptedAt: 1, arrivedAt: 2 } });
    await zones[0]!.call('Get');
    await zones[0]!.call('Get', { 'amz-sdk-invocation-id': 'not a UUID' });
    await flush();
    expect(new Set(spans('ledger.Get').map(({ traceId }) => traceId)).size).toBe(3);
  });

  it('are counted where they come in, not where they are passed on to', async () => {
    await zones[0]!.call('Get', attempt(1));
    await zones[0]!.call('Get', attempt(2));
    await zones[0]!.call('Get', attempt(2), { traceparent: TRACEPARENT });
    await flush();
    const counted = collector.points.filter(({ metric }) => metric === 'stormglass.call.attempts');
    expect(counted.map(({ value, attributes }) => [attributes['stormglass.attempt'], value])).toEqual([
      ['1', 1],
      ['2', 1],
    ]);
  });

  it.each([
    ['attempt=2; max=3', 2, 3, '2'],
    ['attempt=1', 1, undefined, '1'],
    ['ttl=20260101T000000Z; attempt=17; max=20', 17, 20, '4+'],
    ['attempt=x; max=', undefined, undefined, '1'],
    ['attempt=0', undefined, undefined, '1'],
    ['', undefined, undefined, '1'],
  ])('are read from "%s"', (text, n, max, label) => {
    const said = attemptOf({ 'amz-sdk-request': text });
    expect([said.attempt, said.attemptsMax, attemptLabel(said)]).toEqual([n, max, label]);
  });
});

describe('the context of a client', () => {
  it('is carried with its tracestate, through the log, to every zone', async () => {
    // The first batch of a replica is empty.
    await zones[0]!.call('Add', { traceparent: TRACEPARENT.replace(/1$/, '0') });
    await zones[0]!.call('Add', { traceparent: TRACEPARENT, tracestate: 'vendor=a,other=b' });
    await until('both zones to apply everything', () => zones.every(z => z.replica.applied === log.last));
    await flush();
    expect(spans('log.apply')).toHaveLength(2);
    expect(new Set(collector.spans.map(({ traceId, traceState }) => `${traceId} ${traceState}`))).toEqual(
      new Set([`${TRACE_ID} vendor=a,other=b`]),
    );
  });

  it('loses a tracestate that is longer than others must take', async () => {
    await zones[0]!.call('Get', { traceparent: TRACEPARENT, tracestate: `a=${'x'.repeat(600)}` });
    await flush();
    expect(collector.spans.map(({ traceId, traceState }) => [traceId, traceState ?? ''])).toEqual([[TRACE_ID, '']]);
  });
});

describe('a connection that a front door handed over', () => {
  it('is a hop above the first request on it', async () => {
    const acceptedAt = systemClock.now() - 7;
    const arrival = { door: 'region', acceptedAt, arrivedAt: acceptedAt + 5 } as const;
    await zones[0]!.call('Get', { traceparent: TRACEPARENT }, { arrival });
    await flush();
    const [door] = spans('front-door');
    expect(door).toMatchObject({ traceId: TRACE_ID, parentSpanId: PARENT_ID });
    expect(door?.attributes['stormglass.door']).toBe('region');
    expect(spans('ledger.Get')[0]).toMatchObject({ traceId: TRACE_ID, parentSpanId: door!.spanId });
  });
});
