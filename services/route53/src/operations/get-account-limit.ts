/** Shows a quota of the account and how much of it is used. */

import type { AccountLimitType } from '@aws-sdk/client-route-53';
import { QUOTAS } from '@stormglass/hosted-zones';
import { operation } from '@stormglass/service-kit';
import type { Route53Client, Route53Deps } from '../deps.ts';
import { notOffered } from '../errors.ts';
import { onEverything } from '../permissions.ts';

export const getAccountLimit = operation<Route53Client, 'GetAccountLimit', Route53Deps>({
  name: 'GetAccountLimit',
  state: 'strong-read',
  permission: onEverything,
  gaps: ['There are no traffic policies and no reusable delegation sets, and so no limits of them.'],
  handle({ Type }, { accountId }, { replica }) {
    const { zones, checks } = replica.view.usage(accountId);
    const limits: Partial<Record<AccountLimitType, readonly [value: number, count: number]>> = {
      MAX_HOSTED_ZONES_BY_OWNER: [QUOTAS.HostedZonesPerAccount, zones],
      MAX_HEALTH_CHECKS_BY_OWNER: [QUOTAS.HealthChecksPerAccount, checks],
    };
    const limit = limits[Type!];
    if (limit === undefined) throw notOffered('Traffic policies and reusable delegation sets');
    return { Limit: { Type: Type!, Value: limit[0] }, Count: limit[1] };
  },
});
