/** Deletes a hosted zone that has no record sets but its own. */
import { operation } from '@stormglass/service-kit';
import { execute, type Route53Client, type Route53Deps } from '../deps.ts';
import { newChangeId, plainId } from '../ids.ts';
import { onZone } from '../permissions.ts';
import { submitted } from '../shapes.ts';

export const deleteHostedZone = operation<Route53Client, 'DeleteHostedZone', Route53Deps>({
  name: 'DeleteHostedZone',
  state: 'write',
  permission: onZone,
  async handle({ Id }, call, deps) {
    const { accountId } = call;
    const changeId = newChangeId(deps.random);
    const zoneId = plainId(Id!);
    return {
      ChangeInfo: submitted(await execute(deps, call, { type: 'DeleteHostedZone', accountId, zoneId, changeId })),
    };
  },
});
