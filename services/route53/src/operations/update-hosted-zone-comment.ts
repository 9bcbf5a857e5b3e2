/** Changes the comment of a hosted zone. */
import { operation } from '@stormglass/service-kit';
import { execute, type Route53Client, type Route53Deps } from '../deps.ts';
import { plainId } from '../ids.ts';
import { onZone } from '../permissions.ts';
import { shownZone } from '../shapes.ts';

export const updateHostedZoneComment = operation<Route53Client, 'UpdateHostedZoneComment', Route53Deps>({
  name: 'UpdateHostedZoneComment',
  state: 'write',
  permission: onZone,
  async handle({ Id, Comment: comment = '' }, call, deps) {
    const { accountId } = call;
    const zoneId = plainId(Id!);
    const zone = await execute(deps, call, { type: 'UpdateHostedZoneComment', accountId, zoneId, comment });
    return { HostedZone: shownZone(zone) };
  },
});
