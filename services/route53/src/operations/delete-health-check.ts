/** Deletes a health check that nothing counts on. */
import { operation } from '@stormglass/service-kit';
import { execute, type Route53Client, type Route53Deps } from '../deps.ts';
import { plainId } from '../ids.ts';
import { onHealthCheck } from '../permissions.ts';

export const deleteHealthCheck = operation<Route53Client, 'DeleteHealthCheck', Route53Deps>({
  name: 'DeleteHealthCheck',
  state: 'write',
  permission: onHealthCheck,
  gaps: [
    'A health check that record sets or other health checks name is kept (HealthCheckInUse); AWS deletes it and leaves them without.',
  ],
  async handle({ HealthCheckId }, call, deps) {
    const healthCheckId = plainId(HealthCheckId!);
    await execute(deps, call, { type: 'DeleteHealthCheck', accountId: call.accountId, healthCheckId });
    return {};
  },
});
