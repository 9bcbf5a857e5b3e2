/** What may be said of a trail, and what cannot be offered: only trails of one account that deliver to a bucket. */
import { defined } from '@stormglass/base';
import { cloudTrailError, notOffered } from './errors.ts';
import type { Tag, Trail, TrailSettings } from './state/trail.ts';

export interface GivenSettings {
  readonly S3BucketName?: string | undefined;
  readonly S3KeyPrefix?: string | undefined;
  readonly SnsTopicName?: string | undefined;
  readonly CloudWatchLogsLogGroupArn?: string | undefined;
  readonly CloudWatchLogsRoleArn?: string | undefined;
  readonly KmsKeyId?: string | undefined;
  readonly IsOrganizationTrail?: boolean | undefined;
  readonly IncludeGlobalServiceEvents?: boolean | undefined;
  readonly IsMultiRegionTrail?: boolean | undefined;
  readonly EnableLogFileValidation?: boolean | undefined;
}

const PREFIX_MAX = 200;

/** @throws AwsError for what is malformed or not offered */
export function readSettings(given: GivenSettings): Partial<TrailSettings> {
  const { S3BucketName: s3BucketName, S3KeyPrefix: s3KeyPrefix } = given;
  if (given.SnsTopicName) throw notOffered('Notifications of trails are');
  if (given.CloudWatchLogsLogGroupArn || given.CloudWatchLogsRoleArn) throw notOffered('CloudWatch Logs are');
  if (given.KmsKeyId) throw notOffered('Keys of KMS are');
  if (given.IsOrganizationTrail === true) throw notOffered('Organizations are');
  if (s3BucketName !== undefined && !isBucketName(s3BucketName)) {
    throw cloudTrailError('InvalidS3BucketNameException', `Bucket name ${s3BucketName} is not valid.`);
  }
  if (s3KeyPrefix !== undefined && s3KeyPrefix.length > PREFIX_MAX) {
    throw cloudTrailError('InvalidS3PrefixException', `S3 prefix is longer than ${PREFIX_MAX} characters.`);
  }
  return defined({
    s3BucketName,
    s3KeyPrefix,
    includeGlobalServiceEvents: given.IncludeGlobalServiceEvents,
    isMultiRegionTrail: given.IsMultiRegionTrail,
    logFileValidationEnabled: given.EnableLogFileValidation,
  });
}

/** @throws AwsError when a trail of every region is to leave out what belongs to none */
export function checkTogether({ isMultiRegionTrail, includeGlobalServiceEvents }: TrailSettings): void {
  if (!isMultiRegionTrail || includeGlobalServiceEvents) return;
  throw cloudTrailError(
    'InvalidParameterCombinationException',
    'Multi-Region trail must include global service events.',
  );
}

/** "Bucket naming rules" of S3. */
const isBucketName = (name: string): boolean =>
  /^[a-z\d][a-z\d.-]{1,61}[a-z\d]$/.test(name) && !name.includes('..') && !/^\d+\.\d+\.\d+\.\d+$/.test(name);

/** @throws AwsError when a key comes twice */
export function readTags(
  given: readonly { readonly Key?: string | undefined; readonly Value?: string | undefined }[],
): readonly Tag[] {
  const tags = given.map(({ Key = '', Value = '' }) => ({ key: Key, value: Value }));
  if (new Set(tags.map(({ key }) => key)).size === tags.length) return tags;
  throw cloudTrailError('InvalidTagParameterException', 'A tag key is given more than once.');
}

/** A trail as `CreateTrail` and `UpdateTrail` answer it. */
export const shownSettings = (trail: Trail) => ({
  Name: trail.name,
  S3BucketName: trail.s3BucketName,
  ...(trail.s3KeyPrefix ? { S3KeyPrefix: trail.s3KeyPrefix } : {}),
  IncludeGlobalServiceEvents: trail.includeGlobalServiceEvents,
  IsMultiRegionTrail: trail.isMultiRegionTrail,
  TrailARN: trail.arn,
  LogFileValidationEnabled: trail.logFileValidationEnabled,
  IsOrganizationTrail: false,
});

/** A trail as it is described. */
export const shownTrail = (trail: Trail) => ({
  ...shownSettings(trail),
  HomeRegion: trail.arn.split(':')[3],
  HasCustomEventSelectors: trail.selectors.some(
    ({ readWriteType, excludeManagementEventSources }) =>
      readWriteType !== 'All' || excludeManagementEventSources.length > 0,
  ),
  HasInsightSelectors: false,
});
