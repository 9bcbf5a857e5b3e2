/** Lists the private hosted zones that a VPC sees. */

import { decodePageToken, encodePageToken } from '@stormglass/aws-wire';
import { operation } from '@stormglass/service-kit';
import type { Route53Client, Route53Deps } from '../deps.ts';
import { route53Error } from '../errors.ts';
import { maxItems, PAGE_MAX, pageOf } from '../paging.ts';
import { onEverything } from '../permissions.ts';

const LIST = 'route53:ListHostedZonesByVPC';

export const listHostedZonesByVpc = operation<Route53Client, 'ListHostedZonesByVPC', Route53Deps>({
  name: 'ListHostedZonesByVPC',
  state: 'strong-read',
  permission: onEverything,
  handle(input, { accountId }, { replica }) {
    const { VPCId, VPCRegion, MaxItems, NextToken } = input;
    const max = maxItems(MaxItems, PAGE_MAX);
    const invalid = () => route53Error('InvalidPaginationToken', 'The value of NextToken is not valid.');
    const from = NextToken === undefined ? '' : String(decodePageToken(LIST, NextToken, invalid));
    const { items, next } = pageOf(
      replica.view.zonesById(from),
      max,
      zone =>
        zone.accountId === accountId &&
        zone.vpcs?.some(({ id, region }) => id === VPCId && region === VPCRegion) === true,
    );
    return {
      HostedZoneSummaries: items.map(({ id, name }) => ({
        HostedZoneId: id,
        Name: name,
        Owner: { OwningAccount: accountId },
      })),
      MaxItems: max,
      ...(next === undefined ? {} : { NextToken: encodePageToken(LIST, next.id) }),
    };
  },
});
