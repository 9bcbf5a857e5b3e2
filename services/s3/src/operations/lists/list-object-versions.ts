/** Lists all versions of the objects of a bucket, and delete markers: by key, the newest first. */

import { invalidArgument } from '../../errors.ts';
import { bucketNamed } from '../../find.ts';
import { PERMISSIONS } from '../../permissions/index.ts';
import { s3Operation } from '../../s3-operation.ts';
import { given, itemsMax } from './list-arguments.ts';
import { shownMarker, shownPrefixes, shownVersion } from './list-shapes.ts';
import { encoderFor } from './url-encoding.ts';

export const listObjectVersions = s3Operation({
  name: 'ListObjectVersions',
  state: 'strong-read',
  isDataEvent: true,
  permission: PERMISSIONS.ListObjectVersions,
  gaps: ['Versions come before delete markers; AWS mixes them in the order of keys.'],
  handle(input, _call, deps) {
    const { Bucket, Prefix = '', Delimiter, KeyMarker = '', VersionIdMarker = '', EncodingType } = input;
    bucketNamed(deps, Bucket!);
    const limit = itemsMax(input.MaxKeys, 'max-keys');
    const encode = encoderFor(EncodingType);
    const delimiter = given(Delimiter);
    if (input.VersionIdMarker === '')
      throw invalidArgument('A version-id marker cannot be empty.', 'version-id-marker', '');
    if (VersionIdMarker !== '' && KeyMarker === '') {
      const message = 'A version-id marker cannot be specified without a key marker.';
      throw invalidArgument(message, 'version-id-marker', VersionIdMarker);
    }
    const versionId = given(VersionIdMarker);
    const after = KeyMarker === '' ? undefined : { key: KeyMarker, ...(versionId && { versionId }) };
    const page = { prefix: Prefix, limit, ...(delimiter && { delimiter }), ...(after && { after }) };
    const { items, prefixes, next } = deps.index.view.listVersions(Bucket!, page);
    return {
      Name: Bucket,
      Prefix: encode(Prefix),
      KeyMarker: encode(KeyMarker),
      VersionIdMarker,
      ...(delimiter === undefined ? {} : { Delimiter: encode(delimiter) }),
      EncodingType,
      MaxKeys: limit,
      IsTruncated: next !== undefined,
      NextKeyMarker: next && encode(next.key),
      NextVersionIdMarker: next?.versionId,
      Versions: items.flatMap(item => (item.isMarker ? [] : [shownVersion(item, encode)])),
      DeleteMarkers: items.flatMap(item => (item.isMarker ? [shownMarker(item, encode)] : [])),
      CommonPrefixes: shownPrefixes(prefixes, encode),
    };
  },
});
