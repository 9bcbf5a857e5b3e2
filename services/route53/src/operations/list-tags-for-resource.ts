/** Shows the tags of a hosted zone or health check. */
import { operation } from '@stormglass/service-kit';
import type { Route53Client, Route53Deps } from '../deps.ts';
import { onTagged } from '../permissions.ts';
import { tagSet } from '../tag-sets.ts';

export const listTagsForResource = operation<Route53Client, 'ListTagsForResource', Route53Deps>({
  name: 'ListTagsForResource',
  state: 'strong-read',
  permission: onTagged,
  handle({ ResourceType, ResourceId }, call, deps) {
    return { ResourceTagSet: tagSet(deps, call, ResourceType!, ResourceId!) };
  },
});
