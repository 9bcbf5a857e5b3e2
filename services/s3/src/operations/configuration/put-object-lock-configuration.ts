/** Lets versions in a bucket be locked, and says how long new ones are. */
import type { ObjectLockConfiguration, DefaultRetention as SdkRetention } from '@aws-sdk/client-s3';
import { defined } from '@stormglass/base';
import type { ObjectLockConfig } from '@stormglass/object-index';
import { execute } from '../../deps.ts';
import { malformedXml, s3Problem } from '../../errors.ts';
import { PERMISSIONS } from '../../permissions/index.ts';
import { s3Operation } from '../../s3-operation.ts';

export const putObjectLockConfiguration = s3Operation({
  name: 'PutObjectLockConfiguration',
  state: 'write',
  permission: PERMISSIONS.PutObjectLockConfiguration,
  async handle({ Bucket = '', ObjectLockConfiguration: asked }, call, deps) {
    await execute(deps, call, { type: 'SetBucketObjectLock', bucket: Bucket, config: lockConfig(asked) });
    return {};
  },
});

const DAYS_MAX = 36_500;
const YEARS_MAX = 100;

function lockConfig(asked: ObjectLockConfiguration | undefined): ObjectLockConfig {
  if (asked?.ObjectLockEnabled !== 'Enabled') throw malformedXml();
  if (asked.Rule === undefined) return {};
  if (asked.Rule.DefaultRetention === undefined) throw malformedXml();
  return { defaultRetention: byDefault(asked.Rule.DefaultRetention) };
}

function byDefault({ Mode, Days, Years }: SdkRetention) {
  if (Mode !== 'GOVERNANCE' && Mode !== 'COMPLIANCE') throw malformedXml();
  if ((Days === undefined) === (Years === undefined)) throw malformedXml();
  const [period, max] = Days === undefined ? [Years!, YEARS_MAX] : [Days, DAYS_MAX];
  if (!Number.isSafeInteger(period) || period <= 0)
    throw s3Problem('InvalidArgument', 'Default retention period must be a positive integer value.');
  if (period > max) throw s3Problem('InvalidArgument', 'Default retention period too large.');
  return { mode: Mode, ...defined({ days: Days, years: Years }) };
}
