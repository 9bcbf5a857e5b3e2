/**
 * Whether a health check counts as healthy, given what is seen of endpoints (Route 53 Developer Guide, "How Amazon
 * Route 53 determines whether a health check is healthy").
 */
import type { HealthCheck } from './records.ts';
import type { HostedZonesView } from './view.ts';

/** What this zone's checkers find of an endpoint; undefined while they have not judged it. */
export type EndpointStatus = (healthCheckId: string) => 'healthy' | 'unhealthy' | undefined;

/**
 * Tells whether a health check is healthy. An endpoint that is not judged yet counts as healthy, one whose check is
 * disabled too; `Inverted` turns either round. A check that does not exist is healthy: nothing speaks against it.
 */
export const healthOf =
  (view: HostedZonesView, endpoint: EndpointStatus) =>
  (healthCheckId: string): boolean => {
    const check = view.healthCheck(healthCheckId);
    return check === undefined || isHealthy(view, check, endpoint);
  };

function isHealthy(view: HostedZonesView, { id, config }: HealthCheck, endpoint: EndpointStatus): boolean {
  const { inverted, disabled } = config;
  if (disabled) return !inverted;
  if (config.type !== 'CALCULATED') return (endpoint(id) !== 'unhealthy') !== inverted;
  // Children are never calculated ones, so this ends one step down.
  const healthy = (config.children ?? []).filter(child => {
    const found = view.healthCheck(child);
    return found !== undefined && isHealthy(view, found, endpoint);
  });
  return healthy.length >= (config.healthThreshold ?? 0) !== inverted;
}
