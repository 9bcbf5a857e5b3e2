/** Gives a bucket an access control list. */
import { configure } from '../../configurations.ts';
import { s3Problem } from '../../errors.ts';
import { bucketNamed } from '../../find.ts';
import { PERMISSIONS } from '../../permissions/index.ts';
import { newBucketAcl } from '../../policies/acl-rules.ts';
import { s3Operation } from '../../s3-operation.ts';

export const putBucketAcl = s3Operation({
  name: 'PutBucketAcl',
  state: 'write',
  permission: PERMISSIONS.PutBucketAcl,
  gaps: ['The group of log delivery is granted nothing: there are no access logs.'],
  handle(input, call, deps) {
    const { Bucket = '' } = input;
    const acl = newBucketAcl(input, bucketNamed(deps, Bucket));
    if (acl === undefined)
      throw s3Problem('MissingSecurityHeader', 'Your request was missing a required header', {
        MissingHeaderName: 'x-amz-acl',
      });
    return configure(deps, call, Bucket, 'acl', acl);
  },
});
