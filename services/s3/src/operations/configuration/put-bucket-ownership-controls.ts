/** Says who owns the objects of a bucket, and with that whether access control lists count. */
import { configure } from '../../configurations.ts';
import { malformedXml, s3Error } from '../../errors.ts';
import { bucketNamed } from '../../find.ts';
import { PERMISSIONS } from '../../permissions/index.ts';
import { grantsToOthers } from '../../policies/acl.ts';
import { bucketAcl, OWNERSHIPS } from '../../policies/bucket-settings.ts';
import { s3Operation } from '../../s3-operation.ts';

export const putBucketOwnershipControls = s3Operation({
  name: 'PutBucketOwnershipControls',
  state: 'write',
  permission: PERMISSIONS.PutBucketOwnershipControls,
  handle({ Bucket = '', OwnershipControls }, call, deps) {
    const [rule, ...others] = OwnershipControls?.Rules ?? [];
    const ownership = OWNERSHIPS.find(each => each === rule?.ObjectOwnership);
    if (ownership === undefined || others.length > 0) throw malformedXml();
    const bucket = bucketNamed(deps, Bucket);
    if (ownership === 'BucketOwnerEnforced' && grantsToOthers(bucketAcl(bucket), bucket.account))
      throw s3Error('InvalidBucketAclWithObjectOwnership', { BucketName: Bucket });
    return configure(deps, call, Bucket, 'ownership', ownership);
  },
});
