/** Deletes a bucket that is empty. */
import { execute } from '../../deps.ts';
import { PERMISSIONS } from '../../permissions/index.ts';
import { s3Operation } from '../../s3-operation.ts';

export const deleteBucket = s3Operation({
  name: 'DeleteBucket',
  state: 'write',
  permission: PERMISSIONS.DeleteBucket,
  async handle({ Bucket = '' }, call, deps) {
    await execute(deps, call, { type: 'DeleteBucket', bucket: Bucket });
    return {};
  },
});
