/** Shows the tags of several hosted zones or health checks. */
import { operation } from '@stormglass/service-kit';
import type { Route53Client, Route53Deps } from '../deps.ts';
import { onTagged } from '../permissions.ts';
import { tagSet } from '../tag-sets.ts';

export const listTagsForResources = operation<Route53Client, 'ListTagsForResources', Route53Deps>({
  name: 'ListTagsForResources',
  state: 'strong-read',
  permission: onTagged,
  handle({ ResourceType, ResourceIds }, call, deps) {
    return { ResourceTagSets: ResourceIds!.map(id => tagSet(deps, call, ResourceType!, id)) };
  },
});
