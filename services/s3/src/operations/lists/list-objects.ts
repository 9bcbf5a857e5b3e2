/** Lists the objects of a bucket, as the first version of S3 did: pages go on behind a key. */
import { bucketNamed } from '../../find.ts';
import { PERMISSIONS } from '../../permissions/index.ts';
import { s3Operation } from '../../s3-operation.ts';
import { given, itemsMax } from './list-arguments.ts';
import { shownObject, shownPrefixes } from './list-shapes.ts';
import { encoderFor } from './url-encoding.ts';

export const listObjects = s3Operation({
  name: 'ListObjects',
  state: 'strong-read',
  isDataEvent: true,
  permission: PERMISSIONS.ListObjects,
  gaps: ['`RestoreStatus` is never shown: nothing is ever in an archive.'],
  handle(input, _call, deps) {
    const { Bucket, Prefix = '', Delimiter, Marker = '', EncodingType } = input;
    bucketNamed(deps, Bucket!);
    const limit = itemsMax(input.MaxKeys, 'max-keys');
    const encode = encoderFor(EncodingType);
    const delimiter = given(Delimiter);
    const after = given(Marker);
    const page = { prefix: Prefix, limit, ...(delimiter && { delimiter }), ...(after && { after }) };
    const { items, prefixes, next } = deps.index.view.list(Bucket!, page);
    return {
      Name: Bucket,
      Prefix: encode(Prefix),
      Marker: encode(Marker),
      ...(delimiter === undefined ? {} : { Delimiter: encode(delimiter) }),
      EncodingType,
      MaxKeys: limit,
      IsTruncated: next !== undefined,
      // Without a delimiter, the last key of the page says where the next one begins.
      ...(next === undefined || delimiter === undefined ? {} : { NextMarker: encode(next) }),
      Contents: items.map(item => shownObject(item, encode, true)),
      CommonPrefixes: shownPrefixes(prefixes, encode),
    };
  },
});
