/** Lists the objects of a bucket: the version of the operation that clients are to use. */

import { invalidArgument } from '../../errors.ts';
import { bucketNamed } from '../../find.ts';
import { PERMISSIONS } from '../../permissions/index.ts';
import { s3Operation } from '../../s3-operation.ts';
import { given, itemsMax } from './list-arguments.ts';
import { shownObject, shownPrefixes } from './list-shapes.ts';
import { placeOf, tokenFor } from './page-token.ts';
import { encoderFor } from './url-encoding.ts';

export const listObjectsV2 = s3Operation({
  name: 'ListObjectsV2',
  state: 'strong-read',
  isDataEvent: true,
  permission: PERMISSIONS.ListObjectsV2,
  gaps: [
    '`RestoreStatus` is never shown: nothing is ever in an archive.',
    'One-zone buckets are listed as all others: in the order of keys, behind any key, and with any prefix and delimiter.',
  ],
  handle(input, _call, deps) {
    const { Bucket, Prefix = '', Delimiter, StartAfter, ContinuationToken, EncodingType, FetchOwner = false } = input;
    bucketNamed(deps, Bucket!);
    const limit = itemsMax(input.MaxKeys, 'max-keys');
    const encode = encoderFor(EncodingType);
    const delimiter = given(Delimiter);
    const after = ContinuationToken === undefined ? given(StartAfter) : continuedAt(Bucket!, ContinuationToken);
    const page = { prefix: Prefix, limit, ...(delimiter && { delimiter }), ...(after && { after }) };
    const { items, prefixes, next } = deps.index.view.list(Bucket!, page);
    return {
      Name: Bucket,
      Prefix: encode(Prefix),
      ...(delimiter === undefined ? {} : { Delimiter: encode(delimiter) }),
      ...(StartAfter === undefined ? {} : { StartAfter: encode(StartAfter) }),
      ...(ContinuationToken === undefined ? {} : { ContinuationToken }),
      EncodingType,
      MaxKeys: limit,
      KeyCount: items.length + prefixes.length,
      IsTruncated: next !== undefined,
      ...(next === undefined ? {} : { NextContinuationToken: tokenFor(Bucket!, next) }),
      Contents: items.map(item => shownObject(item, encode, FetchOwner)),
      CommonPrefixes: shownPrefixes(prefixes, encode),
    };
  },
});

function continuedAt(bucket: string, token: string): string {
  const place = placeOf(bucket, token);
  if (place === undefined)
    throw invalidArgument('The continuation token provided is incorrect', 'continuation-token', token);
  return place;
}
