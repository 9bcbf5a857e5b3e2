/** Telemetry when somebody listens for it, and nothing otherwise. */
import type { Logger } from '@stormglass/base';
import { silentTelemetry, type Telemetry } from './telemetry.ts';

export interface TelemetryResource {
  /** Unless `OTEL_SERVICE_NAME` says otherwise. */
  readonly service: string;
  readonly region: string;
  readonly zone: string;
}

/**
 * Exports traces and metrics over OTLP when `OTEL_EXPORTER_OTLP_ENDPOINT` is set (OpenTelemetry, "OTLP Exporter
 * Configuration"); silent when it is not. The libraries are loaded only in the first case. Troubles with the collector
 * go to `logger`, or to Node's warnings without one.
 */
export async function openTelemetry(resource: TelemetryResource, logger?: Logger): Promise<Telemetry> {
  const { OTEL_EXPORTER_OTLP_ENDPOINT: endpoint, OTEL_SDK_DISABLED: disabled } = process.env;
  if (!endpoint || disabled?.toLowerCase() === 'true') return silentTelemetry;
  const { otlpTelemetry } = await import('./otlp-telemetry.ts');
  return otlpTelemetry(resource, logger);
}
