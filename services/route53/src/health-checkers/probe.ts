/** What one probe of an endpoint is: what is asked of whom, and what came of it. */
import type { EndpointCheck, HealthCheckConfig } from '@stormglass/hosted-zones';

export interface ProbeTarget {
  readonly type: EndpointCheck;
  /** An address, or a name to be resolved. */
  readonly host: string;
  readonly port: number;
  readonly path: string;
  readonly hostHeader: string;
  /** Sent in the TLS handshake; absent without SNI. */
  readonly serverName?: string;
  /** Must occur in the first `BODY_BYTES_MAX` bytes of the body. */
  readonly searchString?: string;
}

export interface ProbeResult {
  readonly isHealthy: boolean;
  /** As GetHealthCheckStatus shows it: `Success: ...` or `Failure: ...`. */
  readonly status: string;
}

/** Probes once; never rejects. Ends early, with any result, when `signal` is aborted. */
export type Probe = (target: ProbeTarget, signal: AbortSignal) => Promise<ProbeResult>;

/** What a probe of this health check asks; undefined for one that has no endpoint. */
export function targetOf(config: HealthCheckConfig): ProbeTarget | undefined {
  const { type, ipAddress, domainName, port, enableSni, searchString } = config;
  const host = ipAddress ?? domainName;
  if (type === 'CALCULATED' || host === undefined || port === undefined) return undefined;
  const named = domainName ?? (ipAddress?.includes(':') ? `[${ipAddress}]` : ipAddress!);
  const isTls = type.startsWith('HTTPS');
  return {
    type,
    host,
    port,
    path: config.resourcePath ?? '/',
    hostHeader: port === (isTls ? 443 : 80) ? named : `${named}:${port}`,
    ...(isTls && enableSni !== false && domainName !== undefined ? { serverName: domainName } : {}),
    ...(searchString === undefined ? {} : { searchString }),
  };
}
