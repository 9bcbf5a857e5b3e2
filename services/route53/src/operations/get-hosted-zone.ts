/** Shows a hosted zone, its name servers and its VPCs. */
import { operation } from '@stormglass/service-kit';
import type { Route53Client, Route53Deps } from '../deps.ts';
import { findZone } from '../find.ts';
import { onZone } from '../permissions.ts';
import { shownDelegation, shownVpc, shownZone } from '../shapes.ts';

export const getHostedZone = operation<Route53Client, 'GetHostedZone', Route53Deps>({
  name: 'GetHostedZone',
  state: 'strong-read',
  permission: onZone,
  handle({ Id }, call, deps) {
    const zone = findZone(deps, call, Id!);
    return {
      HostedZone: shownZone(zone),
      ...shownDelegation(zone),
      ...(zone.vpcs === undefined ? {} : { VPCs: zone.vpcs.map(shownVpc) }),
    };
  },
});
