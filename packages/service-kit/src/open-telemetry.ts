/** Telemetry when somebody listens for it, and nothing otherwise. */
import { silentTelemetry, type Telemetry } from './telemetry.ts';

export interface TelemetryResource {
  readonly service: string;
  readonly region: string;
  readonly zone: string;
}

/**
 * Exports traces and metrics over OTLP when `OTEL_EXPORTER_OTLP_ENDPOINT` is set (OpenTelemetry, "OTLP Exporter
 * Configuration"); silent when it is not. The libraries are loaded only in the first case.
 */
export async function openTelemetry(resource: TelemetryResource): Promise<Telemetry> {
  if (!process.env.OTEL_EXPORTER_OTLP_ENDPOINT) return silentTelemetry;
  const { otlpTelemetry } = await import('./otlp-telemetry.ts');
  return otlpTelemetry(resource);
}
