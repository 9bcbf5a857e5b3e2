/** Pages of an account's buckets, of one kind. */
import type { Bucket as SdkBucket } from '@aws-sdk/client-s3';
import type { Bucket, ObjectIndexView } from '@stormglass/object-index';
import { s3Problem } from './errors.ts';

export interface AskedPage {
  readonly prefix: string;
  readonly token: string | undefined;
  readonly limit: number;
}

const READ_AT_ONCE = 1000;
const TOKEN_LENGTH_MAX = 1024;

/** @throws AwsError InvalidArgument for a token that is none */
export function bucketPage(
  view: ObjectIndexView,
  account: string,
  { prefix, token, limit }: AskedPage,
  isOfKind: (bucket: Bucket) => boolean,
): { readonly buckets: readonly Bucket[]; readonly next: string | undefined } {
  const buckets: Bucket[] = [];
  let after = token === undefined ? '' : positionOf(token);
  while (limit > 0) {
    const read = view.bucketsOf(account, { prefix, after, limit: READ_AT_ONCE });
    for (const bucket of read) {
      if (!isOfKind(bucket)) continue;
      // One more than the page: somebody is there behind it.
      if (buckets.length === limit) return { buckets, next: tokenOf(buckets.at(-1)!.name) };
      buckets.push(bucket);
    }
    if (read.length < READ_AT_ONCE) break;
    after = read.at(-1)!.name;
  }
  return { buckets, next: undefined };
}

const tokenOf = (name: string): string => Buffer.from(name).toString('base64url');

function positionOf(token: string): string {
  const name = token.length > TOKEN_LENGTH_MAX ? '' : Buffer.from(token, 'base64url').toString();
  if (name === '' || tokenOf(name) !== token)
    throw s3Problem('InvalidArgument', 'The continuation token provided is incorrect', {
      ArgumentName: 'continuation-token',
    });
  return name;
}

export const shownBucket = ({ name, createdAt, region }: Bucket): SdkBucket => ({
  Name: name,
  CreationDate: new Date(createdAt),
  BucketRegion: region,
});
