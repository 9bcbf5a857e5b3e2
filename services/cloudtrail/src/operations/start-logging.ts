/** Has a trail deliver events. */
import { operation } from '@stormglass/service-kit';
import { type CloudTrailClient, type CloudTrailDeps, execute } from '../deps.ts';
import { nameOf, onTrail } from '../trail-names.ts';

export const startLogging = operation<CloudTrailClient, 'StartLogging', CloudTrailDeps>({
  name: 'StartLogging',
  state: 'write',
  permission: onTrail,
  async handle({ Name }, call, deps) {
    await execute(deps, call, { type: 'StartLogging', accountId: call.accountId, name: nameOf(Name!, call) });
    return {};
  },
});
