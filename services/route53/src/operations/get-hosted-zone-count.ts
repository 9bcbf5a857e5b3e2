/** Says how many hosted zones the account has. */
import { operation } from '@stormglass/service-kit';
import type { Route53Client, Route53Deps } from '../deps.ts';
import { onEverything } from '../permissions.ts';

export const getHostedZoneCount = operation<Route53Client, 'GetHostedZoneCount', Route53Deps>({
  name: 'GetHostedZoneCount',
  state: 'strong-read',
  permission: onEverything,
  handle(_input, { accountId }, { replica }) {
    return { HostedZoneCount: replica.view.usage(accountId).zones };
  },
});
