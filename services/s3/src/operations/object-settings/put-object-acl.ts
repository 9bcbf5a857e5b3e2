/** Grants others something on an object, where the bucket has lists count. */
import type { Json } from '@stormglass/object-index';
import { s3Error } from '../../errors.ts';
import { PERMISSIONS } from '../../permissions/index.ts';
import { newObjectAcl } from '../../policies/acl-rules.ts';
import { requestedAcl } from '../../policies/requested-acl.ts';
import { s3Operation } from '../../s3-operation.ts';
import { changeSetting, settledVersion } from './settled-version.ts';

export const putObjectAcl = s3Operation({
  name: 'PutObjectAcl',
  state: 'write',
  isDataEvent: true,
  permission: PERMISSIONS.PutObjectAcl,
  async handle(input, call, deps) {
    // The list is read against its owner, whom this zone may not know yet.
    await deps.index.upToDate(call.deadline);
    const { bucket, version } = await settledVersion(input, call, deps);
    if (requestedAcl(input, 'object', version.owner) === undefined)
      throw s3Error('MissingSecurityHeader', { MissingHeaderName: 'x-amz-acl' });
    const acl = newObjectAcl(input, bucket, version.owner);
    if (acl !== undefined)
      await changeSetting(input, call, deps, { type: 'SetObjectAcl', acl: acl as unknown as Json });
    return {};
  },
});
