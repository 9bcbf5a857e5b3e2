/** Keeps the public out of a bucket, whatever its policy and its lists say. */
import { configure } from '../../configurations.ts';
import { PERMISSIONS } from '../../permissions/index.ts';
import { BLOCK_NOTHING } from '../../policies/bucket-settings.ts';
import { s3Operation } from '../../s3-operation.ts';

export const putPublicAccessBlock = s3Operation({
  name: 'PutPublicAccessBlock',
  state: 'write',
  permission: PERMISSIONS.PutPublicAccessBlock,
  gaps: ['There is no block for a whole account, only for buckets.'],
  handle: ({ Bucket = '', PublicAccessBlockConfiguration }, call, deps) =>
    configure(deps, call, Bucket, 'publicAccessBlock', { ...BLOCK_NOTHING, ...PublicAccessBlockConfiguration }),
});
