/** Lists the hosted zones of the account in the order of their names, labels reversed. */

import { defined } from '@stormglass/base';
import { canonicalName, NameProblem } from '@stormglass/hosted-zones';
import { operation } from '@stormglass/service-kit';
import type { Route53Client, Route53Deps } from '../deps.ts';
import { invalidInput, route53Error } from '../errors.ts';
import { plainId } from '../ids.ts';
import { maxItems, PAGE_MAX, pageOf } from '../paging.ts';
import { onEverything } from '../permissions.ts';
import { shownZone } from '../shapes.ts';

export const listHostedZonesByName = operation<Route53Client, 'ListHostedZonesByName', Route53Deps>({
  name: 'ListHostedZonesByName',
  state: 'strong-read',
  permission: onEverything,
  handle(input, { accountId }, { replica }) {
    const { DNSName, HostedZoneId, MaxItems } = input;
    if (HostedZoneId !== undefined && DNSName === undefined)
      throw invalidInput('HostedZoneId is only valid together with DNSName.');
    const max = maxItems(MaxItems, PAGE_MAX);
    const from = DNSName === undefined ? undefined : startOf(DNSName);
    const id = HostedZoneId === undefined ? undefined : plainId(HostedZoneId);
    const { items, next } = pageOf(replica.view.zonesByName(accountId, from, id), max);
    return {
      HostedZones: items.map(shownZone),
      ...defined({ DNSName, HostedZoneId }),
      IsTruncated: next !== undefined,
      ...(next === undefined ? {} : { NextDNSName: next.name, NextHostedZoneId: next.id }),
      MaxItems: max,
    };
  },
});

function startOf(name: string): string {
  try {
    return canonicalName(name);
  } catch (error) {
    if (!(error instanceof NameProblem)) throw error;
    throw route53Error('InvalidDomainName', `${name} is not a valid domain name: ${error.description}.`);
  }
}
