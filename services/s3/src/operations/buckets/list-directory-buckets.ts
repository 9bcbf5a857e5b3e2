/** Lists the directory buckets of the caller's account, by name. */
import { bucketPage, shownBucket } from '../../bucket-pages.ts';
import { isDirectoryBucket, PERMISSIONS } from '../../permissions/index.ts';
import { s3Operation } from '../../s3-operation.ts';

const PAGE_MAX = 1000;

export const listDirectoryBuckets = s3Operation({
  name: 'ListDirectoryBuckets',
  state: 'strong-read',
  permission: PERMISSIONS.ListDirectoryBuckets,
  handle({ MaxDirectoryBuckets = PAGE_MAX, ContinuationToken }, { accountId }, deps) {
    const page = { prefix: '', token: ContinuationToken, limit: Math.min(Math.max(0, MaxDirectoryBuckets), PAGE_MAX) };
    const { buckets, next } = bucketPage(deps.index.view, accountId, page, ({ name }) => isDirectoryBucket(name));
    return { Buckets: buckets.map(shownBucket), ...(next !== undefined && { ContinuationToken: next }) };
  },
});
