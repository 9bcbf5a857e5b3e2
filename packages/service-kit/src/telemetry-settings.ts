/**
 * The standard variables of OpenTelemetry that its libraries leave to the application. Endpoint, headers, timeout and
 * compression are read by the exporters, `OTEL_SERVICE_NAME` and `OTEL_RESOURCE_ATTRIBUTES` by the resource detector.
 */
import {
  AlwaysOffSampler,
  AlwaysOnSampler,
  ParentBasedSampler,
  type Sampler,
  TraceIdRatioBasedSampler,
} from '@opentelemetry/sdk-trace';

type Environment = Readonly<Record<string, string | undefined>>;

export interface TelemetrySettings {
  readonly sampler: Sampler;
  readonly spanQueueMax: number;
  readonly spanBatchMax: number;
  readonly spanDelayMs: number;
  readonly metricIntervalMs: number;
}

export function telemetrySettings(env: Environment): TelemetrySettings {
  return {
    sampler: samplerOf(env.OTEL_TRACES_SAMPLER ?? 'parentbased_always_on', env.OTEL_TRACES_SAMPLER_ARG),
    spanQueueMax: positive(env.OTEL_BSP_MAX_QUEUE_SIZE, 4096),
    spanBatchMax: positive(env.OTEL_BSP_MAX_EXPORT_BATCH_SIZE, 512),
    // A trace one has just made should be there when one looks for it; the usual 5 s feel broken.
    spanDelayMs: positive(env.OTEL_BSP_SCHEDULE_DELAY, 1000),
    metricIntervalMs: positive(env.OTEL_METRIC_EXPORT_INTERVAL, 10_000),
  };
}

/** An unknown sampler samples everything: a typing error should not look like a broken collector. */
function samplerOf(name: string, argument: string | undefined): Sampler {
  const plain = name.replace(/^parentbased_/, '');
  const root =
    plain === 'always_off'
      ? new AlwaysOffSampler()
      : plain === 'traceidratio'
        ? new TraceIdRatioBasedSampler(ratio(argument))
        : new AlwaysOnSampler();
  return name === plain ? root : new ParentBasedSampler({ root });
}

function ratio(text: string | undefined): number {
  const value = Number(text);
  return text === undefined || text === '' || !(value >= 0 && value <= 1) ? 1 : value;
}

function positive(text: string | undefined, otherwise: number): number {
  const value = Number(text);
  return Number.isInteger(value) && value > 0 ? value : otherwise;
}
