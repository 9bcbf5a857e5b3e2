/** Takes tags from a trail; their values do not matter. */
import { operation } from '@stormglass/service-kit';
import { type CloudTrailClient, type CloudTrailDeps, execute } from '../deps.ts';
import { arnOf, nameOf } from '../trail-names.ts';

export const removeTags = operation<CloudTrailClient, 'RemoveTags', CloudTrailDeps>({
  name: 'RemoveTags',
  state: 'write',
  permission: { resource: ({ ResourceId }, caller) => arnOf(ResourceId, caller) },
  async handle({ ResourceId, TagsList }, call, deps) {
    const name = nameOf(ResourceId!, call);
    const keys = TagsList!.map(({ Key = '' }) => Key);
    await execute(deps, call, { type: 'RemoveTags', accountId: call.accountId, name, keys });
    return {};
  },
});
