/** Lists the parts that an upload has so far. */
import { invalidArgument, noSuchUpload } from '../../errors.ts';
import { bucketNamed } from '../../find.ts';
import { shownAbort } from '../../lifecycle/shown-expiration.ts';
import { PERMISSIONS } from '../../permissions/index.ts';
import { s3Operation } from '../../s3-operation.ts';
import { itemsMax } from './list-arguments.ts';
import { shownInitiator, shownOwner, shownPart } from './list-shapes.ts';

export const listParts = s3Operation({
  name: 'ListParts',
  state: 'strong-read',
  isDataEvent: true,
  permission: PERMISSIONS.ListParts,
  handle(input, _call, deps) {
    const { Bucket, Key, UploadId } = input;
    const bucket = bucketNamed(deps, Bucket!);
    const limit = itemsMax(input.MaxParts, 'max-parts');
    const after = markerOf(input.PartNumberMarker);
    const upload = deps.index.view.upload(UploadId!);
    if (upload?.bucket !== Bucket || upload?.key !== Key) throw noSuchUpload(UploadId!);
    // One more than asked for tells whether there are more.
    const found = limit === 0 ? [] : deps.index.view.parts(upload, after, limit + 1);
    const parts = found.slice(0, limit);
    return {
      ...shownAbort(bucket, upload, deps.lifecycleDayMs),
      Bucket,
      Key,
      UploadId,
      PartNumberMarker: `${after}`,
      NextPartNumberMarker: `${parts.at(-1)?.part ?? 0}`,
      MaxParts: limit,
      IsTruncated: found.length > parts.length,
      Parts: parts.map(shownPart),
      Initiator: shownInitiator(upload.initiator),
      Owner: shownOwner(upload.owner),
      StorageClass: upload.storageClass as 'STANDARD',
      ChecksumAlgorithm: upload.checksum?.algorithm,
      ChecksumType: upload.checksum?.type,
    };
  },
});

function markerOf(marker: string | undefined): number {
  if (marker === undefined || marker === '') return 0;
  if (/^\d{1,9}$/.test(marker)) return Number(marker);
  const message = 'Argument part-number-marker must be an integer between 0 and 2147483647';
  throw invalidArgument(message, 'part-number-marker', marker);
}
