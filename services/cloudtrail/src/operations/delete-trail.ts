/** Forgets a trail. Events stay where they are. */
import { operation } from '@stormglass/service-kit';
import { type CloudTrailClient, type CloudTrailDeps, execute } from '../deps.ts';
import { nameOf, onTrail } from '../trail-names.ts';

export const deleteTrail = operation<CloudTrailClient, 'DeleteTrail', CloudTrailDeps>({
  name: 'DeleteTrail',
  state: 'write',
  permission: onTrail,
  async handle({ Name }, call, deps) {
    await execute(deps, call, { type: 'DeleteTrail', accountId: call.accountId, name: nameOf(Name!, call) });
    return {};
  },
});
