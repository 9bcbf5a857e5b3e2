/** Until when a version of an object cannot be deleted. */
import { s3Error } from '../../errors.ts';
import { PERMISSIONS } from '../../permissions/index.ts';
import { s3Operation } from '../../s3-operation.ts';
import { mustHaveLocks, settledVersion } from './settled-version.ts';

export const getObjectRetention = s3Operation({
  name: 'GetObjectRetention',
  state: 'strong-read',
  isDataEvent: true,
  permission: PERMISSIONS.GetObjectRetention,
  async handle(input, call, deps) {
    const { bucket, version } = await settledVersion(input, call, deps);
    mustHaveLocks(bucket);
    if (version.retention === undefined) throw s3Error('NoSuchObjectLockConfiguration');
    const { mode, retainUntil } = version.retention;
    return { Retention: { Mode: mode, RetainUntilDate: new Date(retainUntil) } };
  },
});
