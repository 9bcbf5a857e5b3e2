/** Lists the regions of the partition, and how the account and each of them stand. */
import { decodePageToken, encodePageToken } from '@stormglass/aws-wire';
import { regionsOf } from '@stormglass/base';
import { operation } from '@stormglass/service-kit';
import type { AccountClient, AccountDeps } from '../deps.ts';
import { invalidToken } from '../errors.ts';
import { onAccount, ownAccount, statusOf } from '../regions.ts';

const PAGE_MAX = 50;
const LIST = 'account:ListRegions';

export const listRegions = operation<AccountClient, 'ListRegions', AccountDeps>({
  name: 'ListRegions',
  state: 'strong-read',
  permission: onAccount(),
  handle(input, call, { replica }) {
    const { MaxResults = PAGE_MAX, NextToken, RegionOptStatusContains: wanted = [] } = input;
    const accountId = ownAccount(call, input.AccountId);
    const after = NextToken === undefined ? '' : String(decodePageToken(LIST, NextToken, invalidToken));
    const found = regionsOf(call.partition)
      .filter(name => name > after)
      .map(name => ({ RegionName: name, RegionOptStatus: statusOf(replica.view, accountId, name) }))
      .filter(({ RegionOptStatus: status }) => wanted.length === 0 || wanted.includes(status));
    const Regions = found.slice(0, MaxResults);
    const last = Regions.at(-1);
    return {
      Regions,
      ...(found.length > MaxResults && last !== undefined ? { NextToken: encodePageToken(LIST, last.RegionName) } : {}),
    };
  },
});
