/** Lists the multipart uploads of a bucket that were begun and neither completed nor aborted. */
import { bucketNamed } from '../../find.ts';
import { PERMISSIONS } from '../../permissions/index.ts';
import { s3Operation } from '../../s3-operation.ts';
import { given, itemsMax } from './list-arguments.ts';
import { shownPrefixes, shownUpload } from './list-shapes.ts';
import { encoderFor } from './url-encoding.ts';

export const listMultipartUploads = s3Operation({
  name: 'ListMultipartUploads',
  state: 'strong-read',
  isDataEvent: true,
  permission: PERMISSIONS.ListMultipartUploads,
  handle(input, _call, deps) {
    const { Bucket, Prefix = '', Delimiter, KeyMarker = '', UploadIdMarker = '', EncodingType } = input;
    bucketNamed(deps, Bucket!);
    const limit = itemsMax(input.MaxUploads, 'max-uploads');
    const encode = encoderFor(EncodingType);
    const delimiter = given(Delimiter);
    // Without a key, the id of an upload says nothing (S3 API Reference, ListMultipartUploads, "UploadIdMarker").
    const uploadId = given(UploadIdMarker);
    const after = KeyMarker === '' ? undefined : { key: KeyMarker, ...(uploadId && { uploadId }) };
    const page = { prefix: Prefix, limit, ...(delimiter && { delimiter }), ...(after && { after }) };
    const { items, prefixes, next } = deps.index.view.uploads(Bucket!, page);
    return {
      Bucket,
      Prefix: encode(Prefix),
      KeyMarker: encode(KeyMarker),
      UploadIdMarker,
      ...(delimiter === undefined ? {} : { Delimiter: encode(delimiter) }),
      EncodingType,
      MaxUploads: limit,
      IsTruncated: next !== undefined,
      NextKeyMarker: next && encode(next.key),
      NextUploadIdMarker: next?.uploadId,
      Uploads: items.map(item => shownUpload(item, encode)),
      CommonPrefixes: shownPrefixes(prefixes, encode),
    };
  },
});
