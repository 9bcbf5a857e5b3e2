/** Shows a quota of a hosted zone and how much of it is used. */

import { QUOTAS } from '@stormglass/hosted-zones';
import { operation } from '@stormglass/service-kit';
import type { Route53Client, Route53Deps } from '../deps.ts';
import { route53Error } from '../errors.ts';
import { findZone } from '../find.ts';
import { onZone } from '../permissions.ts';

export const getHostedZoneLimit = operation<Route53Client, 'GetHostedZoneLimit', Route53Deps>({
  name: 'GetHostedZoneLimit',
  state: 'strong-read',
  permission: onZone,
  handle({ HostedZoneId, Type }, call, deps) {
    const { vpcs, recordSetCount } = findZone(deps, call, HostedZoneId!);
    if (Type === 'MAX_RRSETS_BY_ZONE')
      return { Limit: { Type, Value: QUOTAS.RecordSetsPerZone }, Count: recordSetCount };
    if (vpcs === undefined)
      throw route53Error('HostedZoneNotPrivate', 'The specified hosted zone is a public hosted zone.');
    return { Limit: { Type: Type!, Value: QUOTAS.VpcsPerZone }, Count: vpcs.length };
  },
});
