/** The object store, as CloudTrail sees it: somebody who takes log files for buckets, as far as their policies allow it. */
import { AwsError } from '@stormglass/aws-wire';
import { cloudTrailError } from '../errors.ts';
import type { Trail } from '../state/trail.ts';
import { folderOf } from './log-file.ts';

export interface LogDelivery {
  readonly bucket: string;
  readonly key: string;
  readonly accountId: string;
  readonly trailArn: string;
  /** Compressed; without it, only whether it could be put is looked at. */
  readonly file?: Buffer;
}

/**
 * Resolves to the code of S3's error, or to undefined when the file is in the bucket, whoever put it there.
 * @throws Error when nobody knows what became of it
 */
export type DeliverLog = (delivery: LogDelivery) => Promise<string | undefined>;

/** Any name will do: policies let a folder in. */
const PROBE = 'probe.json.gz';

/**
 * Looks whether the bucket of a trail is there and lets CloudTrail in.
 * @throws AwsError S3BucketDoesNotExistException, InsufficientS3BucketPolicyException; ServiceUnavailable when nobody knows
 */
export async function checkBucket(
  { deliver }: { readonly deliver?: DeliverLog | undefined },
  trail: Aimed,
): Promise<void> {
  const { accountId, arn: trailArn, s3BucketName: bucket } = trail;
  const asked = { bucket, key: `${folderOf(trail)}${PROBE}`, accountId, trailArn };
  const code = await deliver?.(asked).catch((cause: unknown) => {
    throw new AwsError('ServiceUnavailable', 503, `S3 cannot be asked about ${bucket} now.`, undefined, { cause });
  });
  if (code === undefined) return;
  if (code === 'NoSuchBucket')
    throw cloudTrailError('S3BucketDoesNotExistException', `S3 bucket ${bucket} does not exist!`);
  throw cloudTrailError(
    'InsufficientS3BucketPolicyException',
    `Incorrect S3 bucket policy is detected for bucket: ${bucket}`,
  );
}

type Aimed = Pick<Trail, 'accountId' | 'arn' | 's3BucketName' | 's3KeyPrefix'>;
