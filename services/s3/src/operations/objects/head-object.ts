/** Tells what GetObject would, without the bytes. */
import { answered } from '@stormglass/service-kit';
import { planRead } from '../../object-data/read-plan.ts';
import { PERMISSIONS } from '../../permissions/index.ts';
import { s3Operation } from '../../s3-operation.ts';

export const headObject = s3Operation({
  name: 'HeadObject',
  state: 'strong-read',
  isDataEvent: true,
  permission: PERMISSIONS.HeadObject,
  async handle(input, call, deps) {
    const { shown, extras } = await planRead(input, call, deps);
    return answered({ ...shown }, extras);
  },
});
