/** Holds a version of an object, which then cannot be deleted, or lets it go. */
import { malformedXml } from '../../errors.ts';
import { PERMISSIONS } from '../../permissions/index.ts';
import { s3Operation } from '../../s3-operation.ts';
import { changeSetting } from './settled-version.ts';

export const putObjectLegalHold = s3Operation({
  name: 'PutObjectLegalHold',
  state: 'write',
  isDataEvent: true,
  permission: PERMISSIONS.PutObjectLegalHold,
  async handle(input, call, deps) {
    const status = input.LegalHold?.Status;
    if (status !== 'ON' && status !== 'OFF') throw malformedXml();
    await changeSetting(input, call, deps, { type: 'SetObjectLegalHold', legalHold: status === 'ON' });
    return {};
  },
});
