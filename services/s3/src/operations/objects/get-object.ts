/** Gives an object, or a range or part of it, as a stream from the disk of this zone, or of another that has it. */
import { answered } from '@stormglass/service-kit';
import { bodyKeyOf } from '../../encryption.ts';
import { readBytes } from '../../object-data/object-bytes-out.ts';
import { planRead } from '../../object-data/read-plan.ts';
import { PERMISSIONS } from '../../permissions/index.ts';
import { s3Operation } from '../../s3-operation.ts';

export const getObject = s3Operation({
  name: 'GetObject',
  state: 'strong-read',
  isDataEvent: true,
  permission: PERMISSIONS.GetObject,
  gaps: ['There are no archives to restore from, and no object lambdas.'],
  async handle(input, call, deps) {
    const { version, bucket, customer, range, shown, extras, isUnchanged } = await planRead(input, call, deps);
    if (isUnchanged) return answered({ ...shown }, extras);
    const Body = await readBytes(deps, { version, bucket, key: bodyKeyOf(customer), range });
    return answered({ ...shown, Body }, extras);
  },
});
