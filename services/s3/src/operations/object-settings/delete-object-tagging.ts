/** Takes away all tags of an object. */
import { PERMISSIONS } from '../../permissions/index.ts';
import { s3Operation } from '../../s3-operation.ts';
import { changeSetting } from './settled-version.ts';

export const deleteObjectTagging = s3Operation({
  name: 'DeleteObjectTagging',
  state: 'write',
  isDataEvent: true,
  permission: PERMISSIONS.DeleteObjectTagging,
  handle: (input, call, deps) => changeSetting(input, call, deps, { type: 'SetObjectTags', tags: [] }),
});
