/** Shows the tags of trails. */
import { operation } from '@stormglass/service-kit';
import type { CloudTrailClient, CloudTrailDeps } from '../deps.ts';
import { arnOf, findTrail } from '../trail-names.ts';

export const listTags = operation<CloudTrailClient, 'ListTags', CloudTrailDeps>({
  name: 'ListTags',
  state: 'strong-read',
  permission: { resource: ({ ResourceIdList = [] }, caller) => ResourceIdList.map(each => arnOf(each, caller)) },
  handle: ({ ResourceIdList }, call, deps) => ({
    ResourceTagList: ResourceIdList!.map(ResourceId => ({
      ResourceId,
      TagsList: findTrail(deps, call, ResourceId).tags.map(({ key, value }) => ({ Key: key, Value: value })),
    })),
  }),
});
