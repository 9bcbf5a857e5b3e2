import { ROOT_CONTEXT, SpanKind } from '@opentelemetry/api';
import { SamplingDecision } from '@opentelemetry/sdk-trace';
import { expect, it } from 'vitest';
import { telemetrySettings } from './telemetry-settings.ts';

/** The sampler folds it to its largest value. */
const TRACE_ID = 'ffffffff000000000000000000000000';

const samples = (name?: string, argument?: string) => {
  const env = { OTEL_TRACES_SAMPLER: name, OTEL_TRACES_SAMPLER_ARG: argument };
  const { sampler } = telemetrySettings(env);
  const { decision } = sampler.shouldSample(ROOT_CONTEXT, TRACE_ID, 'span', SpanKind.SERVER, {}, []);
  return decision === SamplingDecision.RECORD_AND_SAMPLED;
};

it('takes the sampler that the environment names', () => {
  expect(samples()).toBe(true);
  expect(samples('always_on')).toBe(true);
  expect(samples('always_off')).toBe(false);
  expect(samples('parentbased_always_off')).toBe(false);
  expect(samples('traceidratio', '0')).toBe(false);
  expect(samples('parentbased_traceidratio', '0.5')).toBe(false);
  expect(samples('parentbased_traceidratio', '1')).toBe(true);
});

it('samples everything rather than nothing when the environment makes no sense', () => {
  expect(samples('alwayson')).toBe(true);
  expect(samples('traceidratio')).toBe(true);
  expect(samples('traceidratio', 'half')).toBe(true);
});

it('exports metrics every ten seconds unless told otherwise', () => {
  expect(telemetrySettings({}).metricIntervalMs).toBe(10_000);
  expect(telemetrySettings({ OTEL_METRIC_EXPORT_INTERVAL: '250' }).metricIntervalMs).toBe(250);
  expect(telemetrySettings({ OTEL_METRIC_EXPORT_INTERVAL: 'soon' }).metricIntervalMs).toBe(10_000);
});
