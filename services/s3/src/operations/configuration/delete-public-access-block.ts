/** No longer blocks what is public. */
import { configure } from '../../configurations.ts';
import { PERMISSIONS } from '../../permissions/index.ts';
import { s3Operation } from '../../s3-operation.ts';

export const deletePublicAccessBlock = s3Operation({
  name: 'DeletePublicAccessBlock',
  state: 'write',
  permission: PERMISSIONS.DeletePublicAccessBlock,
  handle: ({ Bucket = '' }, call, deps) => configure(deps, call, Bucket, 'publicAccessBlock', null),
});
