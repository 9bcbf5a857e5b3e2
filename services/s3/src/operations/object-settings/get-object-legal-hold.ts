/** Whether a version of an object is held. */
import { s3Error } from '../../errors.ts';
import { PERMISSIONS } from '../../permissions/index.ts';
import { s3Operation } from '../../s3-operation.ts';
import { mustHaveLocks, settledVersion } from './settled-version.ts';

export const getObjectLegalHold = s3Operation({
  name: 'GetObjectLegalHold',
  state: 'strong-read',
  isDataEvent: true,
  permission: PERMISSIONS.GetObjectLegalHold,
  async handle(input, call, deps) {
    const { bucket, version } = await settledVersion(input, call, deps);
    mustHaveLocks(bucket);
    if (version.legalHold === undefined) throw s3Error('NoSuchObjectLockConfiguration');
    const Status = version.legalHold ? ('ON' as const) : ('OFF' as const);
    return { LegalHold: { Status } };
  },
});
