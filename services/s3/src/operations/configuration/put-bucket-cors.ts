/** Says which pages of other sites may use a bucket. */
import { configure } from '../../configurations.ts';
import { checkCors } from '../../cors/cors-rules.ts';
import { PERMISSIONS } from '../../permissions/index.ts';
import { s3Operation } from '../../s3-operation.ts';

export const putBucketCors = s3Operation({
  name: 'PutBucketCors',
  state: 'write',
  permission: PERMISSIONS.PutBucketCors,
  handle({ Bucket = '', CORSConfiguration = { CORSRules: [] } }, call, deps) {
    checkCors(CORSConfiguration);
    return configure(deps, call, Bucket, 'cors', CORSConfiguration);
  },
});
