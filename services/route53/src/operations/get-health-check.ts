/** Shows a health check. */
import { operation } from '@stormglass/service-kit';
import type { Route53Client, Route53Deps } from '../deps.ts';
import { findHealthCheck } from '../find.ts';
import { onHealthCheck } from '../permissions.ts';
import { shownHealthCheck } from '../shapes.ts';

export const getHealthCheck = operation<Route53Client, 'GetHealthCheck', Route53Deps>({
  name: 'GetHealthCheck',
  state: 'strong-read',
  permission: onHealthCheck,
  handle({ HealthCheckId }, call, deps) {
    return { HealthCheck: shownHealthCheck(findHealthCheck(deps, call, HealthCheckId!)) };
  },
});
