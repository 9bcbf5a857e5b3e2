/** Shows which events a trail delivers. */
import { operation } from '@stormglass/service-kit';
import type { CloudTrailClient, CloudTrailDeps } from '../deps.ts';
import { shownSelectors } from '../event-selectors.ts';
import { findTrail, onTrail } from '../trail-names.ts';

export const getEventSelectors = operation<CloudTrailClient, 'GetEventSelectors', CloudTrailDeps>({
  name: 'GetEventSelectors',
  state: 'strong-read',
  permission: onTrail,
  handle: ({ TrailName }, call, deps) => shownSelectors(findTrail(deps, call, TrailName!)),
});
