/** Gives a trail tags, in place of those with the same keys. */
import { operation } from '@stormglass/service-kit';
import { type CloudTrailClient, type CloudTrailDeps, execute } from '../deps.ts';
import { arnOf, nameOf } from '../trail-names.ts';
import { readTags } from '../trail-settings.ts';

export const addTags = operation<CloudTrailClient, 'AddTags', CloudTrailDeps>({
  name: 'AddTags',
  state: 'write',
  permission: { resource: ({ ResourceId }, caller) => arnOf(ResourceId, caller) },
  async handle({ ResourceId, TagsList }, call, deps) {
    const name = nameOf(ResourceId!, call);
    await execute(deps, call, { type: 'AddTags', accountId: call.accountId, name, tags: readTags(TagsList!) });
    return {};
  },
});
