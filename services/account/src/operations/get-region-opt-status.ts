/** Says how the account and a region stand. */
import { operation } from '@stormglass/service-kit';
import type { AccountClient, AccountDeps } from '../deps.ts';
import { existingRegion, onAccount, ownAccount, statusOf } from '../regions.ts';

export const getRegionOptStatus = operation<AccountClient, 'GetRegionOptStatus', AccountDeps>({
  name: 'GetRegionOptStatus',
  state: 'strong-read',
  permission: onAccount(),
  handle({ AccountId, RegionName = '' }, call, { replica }) {
    const accountId = ownAccount(call, AccountId);
    const region = existingRegion(call.partition, RegionName);
    return { RegionName: region, RegionOptStatus: statusOf(replica.view, accountId, region) };
  },
});
