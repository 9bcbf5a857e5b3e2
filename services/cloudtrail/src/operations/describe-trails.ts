/** Shows the trails of an account in this region: those asked for that exist, or all. */
import { operation } from '@stormglass/service-kit';
import type { CloudTrailClient, CloudTrailDeps } from '../deps.ts';
import { nameOf } from '../trail-names.ts';
import { shownTrail } from '../trail-settings.ts';

export const describeTrails = operation<CloudTrailClient, 'DescribeTrails', CloudTrailDeps>({
  name: 'DescribeTrails',
  state: 'strong-read',
  permission: { resource: () => '*' },
  gaps: ['Trails of other regions have no shadow here.'],
  handle({ trailNameList: asked = [] }, call, { replica }) {
    const names = new Set(asked.map(each => nameOf(each, call)));
    const trails = replica.view.trails(call.accountId);
    return { trailList: trails.filter(({ name }) => names.size === 0 || names.has(name)).map(shownTrail) };
  },
});
