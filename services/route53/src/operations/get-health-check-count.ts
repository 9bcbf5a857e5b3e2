/** Says how many health checks the account has. */
import { operation } from '@stormglass/service-kit';
import type { Route53Client, Route53Deps } from '../deps.ts';
import { onEverything } from '../permissions.ts';

export const getHealthCheckCount = operation<Route53Client, 'GetHealthCheckCount', Route53Deps>({
  name: 'GetHealthCheckCount',
  state: 'strong-read',
  permission: onEverything,
  handle(_input, { accountId }, { replica }) {
    return { HealthCheckCount: replica.view.usage(accountId).checks };
  },
});
