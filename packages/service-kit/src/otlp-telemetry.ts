import type { TelemetryResource } from './open-telemetry.ts';
import { silentTelemetry, type Telemetry } from './telemetry.ts';
export const otlpTelemetry = (_resource: TelemetryResource): Telemetry => silentTelemetry;
