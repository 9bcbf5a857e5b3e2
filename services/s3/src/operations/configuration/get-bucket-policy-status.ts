/** Tells whether the policy of a bucket is public. */
import { parsePolicy } from '@stormglass/identity';
import { s3Error } from '../../errors.ts';
import { bucketNamed } from '../../find.ts';
import { PERMISSIONS } from '../../permissions/index.ts';
import { isPublicPolicy } from '../../policies/public-policy.ts';
import { s3Operation } from '../../s3-operation.ts';

export const getBucketPolicyStatus = s3Operation({
  name: 'GetBucketPolicyStatus',
  state: 'strong-read',
  permission: PERMISSIONS.GetBucketPolicyStatus,
  handle({ Bucket = '' }, _call, deps) {
    const policy = bucketNamed(deps, Bucket).config.policy as string | undefined;
    if (policy === undefined) throw s3Error('NoSuchBucketPolicy', { BucketName: Bucket });
    return { PolicyStatus: { IsPublic: isPublicPolicy(parsePolicy(policy, 'resource')) } };
  },
});
