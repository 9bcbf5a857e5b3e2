/** Names the trails of an account in this region: never more than fit on one page. */
import { operation } from '@stormglass/service-kit';
import type { CloudTrailClient, CloudTrailDeps } from '../deps.ts';

export const listTrails = operation<CloudTrailClient, 'ListTrails', CloudTrailDeps>({
  name: 'ListTrails',
  state: 'strong-read',
  permission: { resource: () => '*' },
  gaps: ['Trails of other regions are not listed.'],
  handle: (_input, { accountId, region }, { replica }) => ({
    Trails: replica.view.trails(accountId).map(({ arn, name }) => ({ TrailARN: arn, Name: name, HomeRegion: region })),
  }),
});
