/** Lists the health checks of the account, in the order of their ids. */
import { operation } from '@stormglass/service-kit';
import type { Route53Client, Route53Deps } from '../deps.ts';
import { maxItems, PAGE_MAX, pageOf } from '../paging.ts';
import { onEverything } from '../permissions.ts';
import { shownHealthCheck } from '../shapes.ts';

export const listHealthChecks = operation<Route53Client, 'ListHealthChecks', Route53Deps>({
  name: 'ListHealthChecks',
  state: 'strong-read',
  permission: onEverything,
  handle({ Marker = '', MaxItems }, { accountId }, { replica }) {
    const max = maxItems(MaxItems, PAGE_MAX);
    const { items, next } = pageOf(replica.view.healthChecks(Marker), max, check => check.accountId === accountId);
    return {
      HealthChecks: items.map(shownHealthCheck),
      Marker,
      IsTruncated: next !== undefined,
      ...(next === undefined ? {} : { NextMarker: next.id }),
      MaxItems: max,
    };
  },
});
