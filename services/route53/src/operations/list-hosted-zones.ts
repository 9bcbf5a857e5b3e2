/** Lists the hosted zones of the account, in the order of their ids. */
import { operation } from '@stormglass/service-kit';
import type { Route53Client, Route53Deps } from '../deps.ts';
import { notOffered } from '../errors.ts';
import { maxItems, PAGE_MAX, pageOf } from '../paging.ts';
import { onEverything } from '../permissions.ts';
import { shownZone } from '../shapes.ts';

export const listHostedZones = operation<Route53Client, 'ListHostedZones', Route53Deps>({
  name: 'ListHostedZones',
  state: 'strong-read',
  permission: onEverything,
  handle(input, { accountId }, { replica }) {
    const { Marker = '', MaxItems, DelegationSetId, HostedZoneType } = input;
    if (DelegationSetId !== undefined) throw notOffered('Reusable delegation sets');
    const max = maxItems(MaxItems, PAGE_MAX);
    const { items, next } = pageOf(
      replica.view.zonesById(Marker),
      max,
      zone => zone.accountId === accountId && (HostedZoneType === undefined || zone.vpcs !== undefined),
    );
    return {
      HostedZones: items.map(shownZone),
      Marker,
      IsTruncated: next !== undefined,
      ...(next === undefined ? {} : { NextMarker: next.id }),
      MaxItems: max,
    };
  },
});
