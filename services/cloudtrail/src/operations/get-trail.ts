/** Shows a trail. */
import { operation } from '@stormglass/service-kit';
import type { CloudTrailClient, CloudTrailDeps } from '../deps.ts';
import { findTrail, onTrail } from '../trail-names.ts';
import { shownTrail } from '../trail-settings.ts';

export const getTrail = operation<CloudTrailClient, 'GetTrail', CloudTrailDeps>({
  name: 'GetTrail',
  state: 'strong-read',
  permission: onTrail,
  handle: ({ Name }, call, deps) => ({ Trail: shownTrail(findTrail(deps, call, Name!)) }),
});
