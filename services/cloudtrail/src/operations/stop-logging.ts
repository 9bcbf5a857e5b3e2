/** Has a trail deliver no more events. */
import { operation } from '@stormglass/service-kit';
import { type CloudTrailClient, type CloudTrailDeps, execute } from '../deps.ts';
import { nameOf, onTrail } from '../trail-names.ts';

export const stopLogging = operation<CloudTrailClient, 'StopLogging', CloudTrailDeps>({
  name: 'StopLogging',
  state: 'write',
  permission: onTrail,
  async handle({ Name }, call, deps) {
    await execute(deps, call, { type: 'StopLogging', accountId: call.accountId, name: nameOf(Name!, call) });
    return {};
  },
});
