/**
 * Telemetry over OTLP/HTTP with JSON, with the libraries of the OpenTelemetry project (docs/decisions/0006-telemetry.md).
 * Loaded by `open-telemetry.ts` when an endpoint is set.
 *
 * Whatever the collector does, calls go on as if it were not there: spans wait in a bounded queue and are dropped when it
 * is full (counted in `otel.sdk.processor.span.processed` with `error.type` `queue_full`), exports happen outside of calls,
 * complaints are rare, and closing takes two seconds at most. Nothing here is registered globally except the complaints,
 * so several zones can live in one process.
 */
import {
  type Attributes,
  DiagLogLevel,
  diag,
  type Meter,
  type Span as OtelSpan,
  SpanKind as OtelSpanKind,
  ROOT_CONTEXT,
  type Tracer,
  trace,
} from '@opentelemetry/api';
import { OTLPMetricExporter } from '@opentelemetry/exporter-metrics-otlp-http';
import { OTLPTraceExporter } from '@opentelemetry/exporter-trace-otlp-http';
import { detectResources, envDetector, type Resource, resourceFromAttributes } from '@opentelemetry/resources';
import { MeterProvider, PeriodicExportingMetricReader } from '@opentelemetry/sdk-metrics';
import { BatchSpanProcessor, type IdGenerator, RandomIdGenerator, TracerProvider } from '@opentelemetry/sdk-trace';
import type { Logger } from '@stormglass/base';
import type { TelemetryResource } from './open-telemetry.ts';
import type { Arrival, CallSummary, Span, SpanKind, SpanParent, Telemetry } from './telemetry.ts';
import { observeProcess } from './telemetry-process.ts';
import { attemptLabel, attemptOf, parentOf } from './telemetry-request.ts';
import { type TelemetrySettings, telemetrySettings } from './telemetry-settings.ts';
import { contextOf, PassedOnSpan, RecordedSpan } from './telemetry-span.ts';
import { rareTroubles } from './telemetry-troubles.ts';

const SCOPE = 'stormglass';
const EXPORT_TIMEOUT_MS = 10_000;
const CLOSE_MS_MAX = 2000;
/** From half a millisecond (a local read) to the deadlines of calls, in seconds. */
const DURATION_BOUNDARIES = [0.0005, 0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10];

const KINDS: Readonly<Record<SpanKind, OtelSpanKind>> = {
  server: OtelSpanKind.SERVER,
  client: OtelSpanKind.CLIENT,
  internal: OtelSpanKind.INTERNAL,
};

export function otlpTelemetry(resource: TelemetryResource, logger?: Logger): Telemetry {
  tellTroubles(logger);
  const settings = telemetrySettings(process.env);
  const described = describe(resource);
  const meters = meterProvider(described, settings);
  const ids = new NamedTraces();
  const tracers = tracerProvider(described, settings, meters, ids);
  const tracer = tracers.getTracer(SCOPE);
  const meter = meters.getMeter(SCOPE);
  const stopObserving = observeProcess(meter);
  const attempts = meter.createCounter('stormglass.call.attempts', {
    unit: '{call}',
    description: 'Requests by which attempt of their client they are, where they come in',
  });
  let closing: Promise<void> | undefined;
  return {
    span(name, parent, kind = 'internal'): Span {
      const span = tracer.startSpan(name, { kind: KINDS[kind] }, contextOf(parent));
      return span.isRecording() ? new RecordedSpan(span) : new PassedOnSpan(span.spanContext());
    },
    request(name, headers, { passedOn, arrival } = {}): Span {
      const said = attemptOf(headers);
      if (passedOn === undefined) attempts.add(1, { 'stormglass.attempt': attemptLabel(said) });
      const parent = passedOn === undefined ? parentOf(headers, said) : { trace: passedOn };
      const doorSpan = arrival && frontDoorSpan(tracer, ids, parent, arrival);
      ids.next = doorSpan === undefined ? parent.traceId : undefined;
      const context = doorSpan === undefined ? contextOf(parent.trace) : trace.setSpan(ROOT_CONTEXT, doorSpan);
      const span = tracer.startSpan(name, { kind: OtelSpanKind.SERVER }, context);
      if (!span.isRecording()) return new PassedOnSpan(span.spanContext());
      if (said.invocationId !== undefined) span.setAttribute('aws.sdk.invocation_id', said.invocationId);
      if (said.attempt !== undefined) span.setAttribute('aws.sdk.attempt', said.attempt);
      if (said.attemptsMax !== undefined) span.setAttribute('aws.sdk.attempts_max', said.attemptsMax);
      return new RecordedSpan(span);
    },
    call: callRecorder(meter),
    observe({ name, kind, unit, description, attributes = {}, read }) {
      const create = kind === 'counter' ? 'createObservableCounter' : 'createObservableGauge';
      meter[create](name, { unit, description }).addCallback(result => result.observe(read(), attributes));
    },
    async flush() {
      await Promise.allSettled([tracers.forceFlush(), meters.forceFlush()]);
    },
    close() {
      stopObserving();
      return (closing ??= within(CLOSE_MS_MAX, closeInOrder(tracers, meters)));
    },
  };
}

/**
 * The way of a connection through the front door. The door cannot say it: it hands sockets over unread, and so does not
 * know what trace their requests belong to.
 */
function frontDoorSpan(
  tracer: Tracer,
  ids: NamedTraces,
  parent: SpanParent,
  { door, acceptedAt, arrivedAt }: Arrival,
): OtelSpan {
  ids.next = parent.traceId;
  const options = { kind: OtelSpanKind.SERVER, startTime: acceptedAt, attributes: { 'stormglass.door': door } };
  const span = tracer.startSpan('front-door', options, contextOf(parent.trace));
  span.end(Math.max(acceptedAt, arrivedAt));
  return span;
}

/** Random ids, except that the trace of the next root may be given. */
class NamedTraces extends RandomIdGenerator {
  next: string | undefined;

  override generateTraceId(): string {
    const named = this.next;
    this.next = undefined;
    return named ?? super.generateTraceId();
  }
}

/** Metrics last: they tell how many spans were lost. */
async function closeInOrder(tracers: TracerProvider, meters: MeterProvider): Promise<void> {
  await within(CLOSE_MS_MAX / 2, tracers.shutdown());
  await meters.shutdown();
}

/** Resolves when `work` is over, however it ended, or after `ms`. */
async function within(ms: number, work: Promise<unknown>): Promise<void> {
  const { promise: late, resolve } = Promise.withResolvers<void>();
  const timer = setTimeout(resolve, ms);
  await Promise.race([work.catch(() => {}), late]);
  clearTimeout(timer);
}

/** The environment may override and add to what the zone knows of itself. */
function describe({ service, region, zone }: TelemetryResource): Resource {
  const own = resourceFromAttributes({
    'service.name': service,
    'service.namespace': 'stormglass',
    // A zone keeps its name over restarts, so its curves go on where they ended.
    'service.instance.id': `${service}/${zone}`,
    'cloud.region': region,
    'cloud.availability_zone': zone,
    'process.pid': process.pid,
  });
  return own.merge(detectResources({ detectors: [envDetector] }));
}

function meterProvider(resource: Resource, { metricIntervalMs }: TelemetrySettings): MeterProvider {
  const reader = new PeriodicExportingMetricReader({
    exporter: new OTLPMetricExporter(),
    exportIntervalMillis: metricIntervalMs,
    exportTimeoutMillis: Math.min(metricIntervalMs, EXPORT_TIMEOUT_MS),
  });
  return new MeterProvider({ resource, readers: [reader] });
}

function tracerProvider(
  resource: Resource,
  settings: TelemetrySettings,
  meters: MeterProvider,
  idGenerator: IdGenerator,
): TracerProvider {
  const { sampler, spanQueueMax, spanBatchMax, spanDelayMs } = settings;
  const processor = new BatchSpanProcessor({
    exporter: new OTLPTraceExporter(),
    maxQueueSize: spanQueueMax,
    maxExportBatchSize: Math.min(spanBatchMax, spanQueueMax),
    scheduledDelayMillis: spanDelayMs,
    exportTimeoutMillis: EXPORT_TIMEOUT_MS,
    // Counts the spans that were sent and those that were dropped.
    selfObsMeterProvider: meters,
  });
  return new TracerProvider({ resource, sampler, idGenerator, spanProcessors: [processor] });
}

function callRecorder(meter: Meter): (summary: CallSummary) => void {
  const duration = meter.createHistogram('stormglass.call.duration', {
    unit: 's',
    description: 'Time from the head of a request to its answer',
    advice: { explicitBucketBoundaries: DURATION_BOUNDARIES },
  });
  return ({ service, operation, status, errorCode, durationMs }) => {
    const attributes: Attributes = { 'http.response.status_class': `${Math.floor(status / 100)}xx` };
    // A request that was refused early may not have come as far as to its service or operation.
    if (service !== '') attributes['rpc.service'] = service;
    if (operation !== '') attributes['rpc.method'] = operation;
    if (errorCode !== undefined) attributes['error.type'] = errorCode;
    duration.record(durationMs / 1000, attributes);
  };
}

function tellTroubles(logger: Logger | undefined): void {
  const tell = (message: string, leftOut: number) => {
    if (logger === undefined) process.emitWarning(`telemetry: ${message}`, 'StormglassTelemetry');
    else logger.warn('telemetry: the collector cannot be reached or refuses', { trouble: message, leftOut });
  };
  diag.setLogger(rareTroubles(tell), { logLevel: DiagLogLevel.WARN, suppressOverrideMessage: true });
}
