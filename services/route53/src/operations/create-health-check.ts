/** Makes a health check; the same request once more shows the one that it made. */

import { uuid } from '@stormglass/base';
import { operation } from '@stormglass/service-kit';
import { execute, type Route53Client, type Route53Deps } from '../deps.ts';
import { givenConfig } from '../given.ts';
import { locationOf } from '../ids.ts';
import { onEverything } from '../permissions.ts';
import { shownHealthCheck } from '../shapes.ts';

export const createHealthCheck = operation<Route53Client, 'CreateHealthCheck', Route53Deps>({
  name: 'CreateHealthCheck',
  state: 'write',
  permission: onEverything,
  gaps: [
    'CLOUDWATCH_METRIC and RECOVERY_CONTROL are refused.',
    'Addresses may be local ones, which AWS refuses.',
    'The reference of a deleted health check may be used again.',
    'Regions are kept and change nothing, nor does MeasureLatency.',
  ],
  async handle({ CallerReference, HealthCheckConfig }, call, deps) {
    const check = await execute(deps, call, {
      type: 'CreateHealthCheck',
      accountId: call.accountId,
      healthCheckId: uuid(deps.random),
      callerReference: CallerReference!,
      config: givenConfig(HealthCheckConfig!),
    });
    return { HealthCheck: shownHealthCheck(check), Location: locationOf('healthcheck', check.id) };
  },
});
