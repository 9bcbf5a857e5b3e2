/** The tags of one resource, as both operations that list tags show them. */
import type { ResourceTagSet, TagResourceType } from '@aws-sdk/client-route-53';
import type { Call } from '@stormglass/service-kit';
import type { Route53Deps } from './deps.ts';
import { findHealthCheck, findZone } from './find.ts';
import { shownTags } from './shapes.ts';

export function tagSet(deps: Route53Deps, call: Call, kind: TagResourceType, id: string): ResourceTagSet {
  const found = kind === 'hostedzone' ? findZone(deps, call, id) : findHealthCheck(deps, call, id);
  return { ResourceType: kind, ResourceId: found.id, Tags: shownTags(found.tags) };
}
