/** Creates, replaces and deletes record sets of a zone: all of a batch, or nothing. */

import { defined } from '@stormglass/base';
import { operation } from '@stormglass/service-kit';
import { execute, type Route53Client, type Route53Deps } from '../deps.ts';
import { givenChange } from '../given.ts';
import { newChangeId, plainId } from '../ids.ts';
import { onRecordSets } from '../permissions.ts';
import { submitted } from '../shapes.ts';

export const changeResourceRecordSets = operation<Route53Client, 'ChangeResourceRecordSets', Route53Deps>({
  name: 'ChangeResourceRecordSets',
  state: 'write',
  permission: onRecordSets,
  gaps: [
    'Record sets of the types SVCB and HTTPS, and those with GeoProximityLocation, CidrRoutingConfig or traffic policies, are refused.',
    'Nobody has a location here: of geolocation record sets, the default one answers.',
    'Latency is taken to be least within a region, then within its area (the part of its name before the first hyphen).',
    'An alias may stand for record sets of its own zone and for names of the region that end in amazonaws.com, whatever zone id is given for those.',
  ],
  async handle({ HostedZoneId, ChangeBatch }, call, deps) {
    const change = await execute(deps, call, {
      type: 'ChangeRecordSets',
      accountId: call.accountId,
      zoneId: plainId(HostedZoneId!),
      changeId: newChangeId(deps.random),
      changes: ChangeBatch!.Changes!.map(givenChange),
      ...defined({ comment: ChangeBatch!.Comment }),
    });
    return { ChangeInfo: submitted(change) };
  },
});
