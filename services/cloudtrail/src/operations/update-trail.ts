/** Changes the settings of a trail that are given. */
import { operation } from '@stormglass/service-kit';
import { checkBucket } from '../delivery/trail-buckets.ts';
import { type CloudTrailClient, type CloudTrailDeps, execute } from '../deps.ts';
import { findTrail, onTrail } from '../trail-names.ts';
import { checkTogether, readSettings, shownSettings } from '../trail-settings.ts';

export const updateTrail = operation<CloudTrailClient, 'UpdateTrail', CloudTrailDeps>({
  name: 'UpdateTrail',
  state: 'write',
  permission: onTrail,
  async handle(input, call, deps) {
    const trail = findTrail(deps, call, input.Name!);
    const settings = readSettings(input);
    checkTogether({ ...trail, ...settings });
    const { accountId } = call;
    if (settings.s3BucketName !== undefined || settings.s3KeyPrefix !== undefined)
      await checkBucket(deps, { ...trail, ...settings });
    return shownSettings(await execute(deps, call, { type: 'UpdateTrail', accountId, name: trail.name, settings }));
  },
});
