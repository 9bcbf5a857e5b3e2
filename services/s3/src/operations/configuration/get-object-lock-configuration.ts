/** Tells whether versions in a bucket can be locked, and how long new ones are. */
import type { ObjectLockConfiguration } from '@aws-sdk/client-s3';
import { defined } from '@stormglass/base';
import type { ObjectLockConfig } from '@stormglass/object-index';
import { s3Error } from '../../errors.ts';
import { bucketNamed } from '../../find.ts';
import { PERMISSIONS } from '../../permissions/index.ts';
import { s3Operation } from '../../s3-operation.ts';

export const getObjectLockConfiguration = s3Operation({
  name: 'GetObjectLockConfiguration',
  state: 'strong-read',
  permission: PERMISSIONS.GetObjectLockConfiguration,
  handle({ Bucket = '' }, _call, deps) {
    const { objectLock, config } = bucketNamed(deps, Bucket);
    if (!objectLock) throw s3Error('ObjectLockConfigurationNotFoundError', { BucketName: Bucket });
    return { ObjectLockConfiguration: shown(config.objectLock) };
  },
});

function shown(config: ObjectLockConfig | undefined): ObjectLockConfiguration {
  const byDefault = config?.defaultRetention;
  if (byDefault === undefined) return { ObjectLockEnabled: 'Enabled' };
  const { mode, days, years } = byDefault;
  return {
    ObjectLockEnabled: 'Enabled',
    Rule: { DefaultRetention: { Mode: mode, ...defined({ Days: days, Years: years }) } },
  };
}
