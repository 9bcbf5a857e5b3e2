/** Lists the buckets of the caller's account that are in this region, by name. */
import { bucketPage, shownBucket } from '../../bucket-pages.ts';
import { s3Problem } from '../../errors.ts';
import { isDirectoryBucket, PERMISSIONS } from '../../permissions/index.ts';
import { ownerOf } from '../../policies/acl-rules.ts';
import { s3Operation } from '../../s3-operation.ts';

const PAGE_MAX = 10_000;

export const listBuckets = s3Operation({
  name: 'ListBuckets',
  state: 'strong-read',
  permission: PERMISSIONS.ListBuckets,
  gaps: ['Only the buckets of the region that is asked are listed.'],
  handle({ Prefix = '', MaxBuckets = PAGE_MAX, ContinuationToken, BucketRegion }, { accountId }, deps) {
    if (!Number.isInteger(MaxBuckets) || MaxBuckets < 1 || MaxBuckets > PAGE_MAX)
      throw s3Problem('InvalidArgument', 'MaxBuckets must be between 1 and 10000', { ArgumentName: 'max-buckets' });
    const isHere = BucketRegion === undefined || BucketRegion === deps.region;
    const page = { prefix: Prefix, token: ContinuationToken, limit: isHere ? MaxBuckets : 0 };
    const { buckets, next } = bucketPage(deps.index.view, accountId, page, ({ name }) => !isDirectoryBucket(name));
    return {
      Owner: ownerOf(accountId),
      Buckets: buckets.map(shownBucket),
      ...(Prefix !== '' && { Prefix }),
      ...(next !== undefined && { ContinuationToken: next }),
    };
  },
});
