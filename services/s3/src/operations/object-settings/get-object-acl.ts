/** Who was granted what on an object. */

import { PERMISSIONS } from '../../permissions/index.ts';
import { type Acl, privateAcl } from '../../policies/acl.ts';
import { shownAcl } from '../../policies/acl-rules.ts';
import { aclsCount } from '../../policies/bucket-settings.ts';
import { s3Operation } from '../../s3-operation.ts';
import { settledVersion } from './settled-version.ts';

export const getObjectAcl = s3Operation({
  name: 'GetObjectAcl',
  state: 'strong-read',
  isDataEvent: true,
  permission: PERMISSIONS.GetObjectAcl,
  async handle(input, call, deps) {
    const { bucket, version } = await settledVersion(input, call, deps);
    // Where lists do not count, everything is the bucket owner's.
    if (!aclsCount(bucket)) return shownAcl(privateAcl(bucket.account));
    return shownAcl((version.acl as unknown as Acl | undefined) ?? privateAcl(version.owner));
  },
});
