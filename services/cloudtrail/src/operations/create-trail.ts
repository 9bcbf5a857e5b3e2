/** Makes a trail. It records nothing before `StartLogging`. */
import { operation } from '@stormglass/service-kit';
import { checkBucket } from '../delivery/trail-buckets.ts';
import { type CloudTrailClient, type CloudTrailDeps, execute } from '../deps.ts';
import { checkedName, onTrail, trailArn } from '../trail-names.ts';
import { checkTogether, readSettings, readTags, shownSettings } from '../trail-settings.ts';

export const createTrail = operation<CloudTrailClient, 'CreateTrail', CloudTrailDeps>({
  name: 'CreateTrail',
  state: 'write',
  permission: onTrail,
  gaps: [
    'The bucket must be in the region of the trail; a bucket of another one does not exist.',
    'Digests for the validation of log files are not delivered.',
    'Topics, log groups, keys of KMS and trails of organizations are refused with UnsupportedOperationException.',
  ],
  async handle(input, call, deps) {
    const name = checkedName(input.Name!);
    const settings = {
      s3BucketName: input.S3BucketName!,
      includeGlobalServiceEvents: true,
      isMultiRegionTrail: false,
      logFileValidationEnabled: false,
      ...readSettings(input),
    };
    checkTogether(settings);
    const { accountId } = call;
    const tags = readTags(input.TagsList ?? []);
    const arn = trailArn(call, name);
    await checkBucket(deps, { ...settings, accountId, arn });
    return shownSettings(await execute(deps, call, { type: 'CreateTrail', accountId, name, arn, settings, tags }));
  },
});
