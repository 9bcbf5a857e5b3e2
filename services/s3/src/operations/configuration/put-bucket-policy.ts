/** Gives a bucket a policy. */
import { principalName } from '@stormglass/identity';
import { configure } from '../../configurations.ts';
import { s3Problem } from '../../errors.ts';
import { bucketNamed } from '../../find.ts';
import { bucketArn, PERMISSIONS } from '../../permissions/index.ts';
import { parseBucketPolicy } from '../../policies/bucket-policy.ts';
import { publicAccessBlock } from '../../policies/bucket-settings.ts';
import { isPublicPolicy } from '../../policies/public-policy.ts';
import { s3Operation } from '../../s3-operation.ts';

export const putBucketPolicy = s3Operation({
  name: 'PutBucketPolicy',
  state: 'write',
  permission: PERMISSIONS.PutBucketPolicy,
  gaps: [
    "Principals of the bucket's own account are looked up when a policy is set, those of others are not; a user or role that is made anew under the same name has the same rights.",
    'A policy that shuts its author out is taken, whatever ConfirmRemoveSelfBucketAccess says; the root of the account can change it.',
  ],
  async handle({ Bucket = '', Policy = '' }, call, deps) {
    // Somebody whom it names may have been made in another zone a moment ago.
    await deps.iam.catchUp().catch(() => {});
    const bucket = bucketNamed(deps, Bucket);
    const arn = bucketArn(call, Bucket, bucket.account);
    const document = parseBucketPolicy(Policy, { arn, account: bucket.account }, deps.iam.view);
    if (publicAccessBlock(bucket).BlockPublicPolicy && isPublicPolicy(document))
      throw s3Problem(
        'AccessDenied',
        `User: ${principalName(call.principal)} is not authorized to perform: s3:PutBucketPolicy on resource: "${arn}" because public policies are prevented by the BlockPublicPolicy setting in S3 Block Public Access.`,
      );
    return configure(deps, call, Bucket, 'policy', Policy);
  },
});
