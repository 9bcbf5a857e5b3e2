/** Tells of an object what is asked for, its parts among it. */
import type { GetObjectAttributesParts } from '@aws-sdk/client-s3';
import type { ObjectVersion } from '@stormglass/object-index';
import { answered } from '@stormglass/service-kit';
import { shownChecksum } from '../../checksums/shown.ts';
import type { S3Deps } from '../../deps.ts';
import { customerKey, meetEncryption } from '../../encryption.ts';
import { invalidArgument } from '../../errors.ts';
import { headOfRequest } from '../../headers/header-value.ts';
import { foundObject } from '../../object-data/found-object.ts';
import { shownVersionId } from '../../object-data/shown-object.ts';
import { PERMISSIONS } from '../../permissions/index.ts';
import { s3Operation } from '../../s3-operation.ts';

export const getObjectAttributes = s3Operation({
  name: 'GetObjectAttributes',
  state: 'strong-read',
  isDataEvent: true,
  permission: PERMISSIONS.GetObjectAttributes,
  async handle(input, call, deps) {
    const asked = new Set(input.ObjectAttributes.flatMap(each => each.split(',')).map(each => each.trim()));
    for (const each of asked)
      if (!ATTRIBUTES.has(each))
        throw invalidArgument('Invalid attribute name specified.', 'x-amz-object-attributes', each);
    if (asked.size === 0)
      throw invalidArgument('The x-amz-object-attributes header must be specified.', 'x-amz-object-attributes', '');
    const { bucket, version } = await foundObject(input, call, deps);
    meetEncryption(version.encryption, customerKey(headOfRequest(call.request).header));
    const parts = asked.has('ObjectParts') ? shownParts(version, input, deps) : undefined;
    const Checksum = asked.has('Checksum') ? shownChecksum(version.checksum) : {};
    return answered(
      {
        LastModified: new Date(version.lastModified),
        ...shownVersionId({ versioning: bucket.versioning, versionId: version.versionId }),
        ...(asked.has('ETag') ? { ETag: version.etag } : {}),
        ...(Object.keys(Checksum).length === 0 ? {} : { Checksum }),
        ...(parts === undefined ? {} : { ObjectParts: parts }),
        ...(asked.has('StorageClass') ? { StorageClass: version.storageClass as 'STANDARD' } : {}),
        ...(asked.has('ObjectSize') ? { ObjectSize: version.size } : {}),
      },
      {},
    );
  },
});

/** Parts are listed only where they have checksums; otherwise there is but their number. */
function shownParts(
  version: ObjectVersion,
  { MaxParts = PAGE_MAX, PartNumberMarker }: { MaxParts?: number | undefined; PartNumberMarker?: string | undefined },
  { index }: S3Deps,
): GetObjectAttributesParts | undefined {
  if (version.partsCount === undefined) return undefined;
  if (version.checksum === undefined) return { TotalPartsCount: version.partsCount };
  const after = partMarker(PartNumberMarker);
  const limit = Math.min(PAGE_MAX, Math.max(0, MaxParts));
  const found = limit === 0 ? [] : index.view.parts(version, after, limit + 1);
  const page = found.slice(0, limit);
  return {
    TotalPartsCount: version.partsCount,
    PartNumberMarker: String(after),
    NextPartNumberMarker: String(page.at(-1)?.part ?? 0),
    MaxParts: limit,
    IsTruncated: found.length > page.length,
    Parts: page.map(({ part, size, checksum }) => ({ PartNumber: part, Size: size, ...shownChecksum(checksum) })),
  };
}

function partMarker(marker: string | undefined): number {
  if (marker === undefined || marker === '') return 0;
  if (/^\d{1,9}$/.test(marker)) return Number(marker);
  throw invalidArgument(
    'Provided part-number-marker not an integer or within integer range',
    'part-number-marker',
    marker,
  );
}

const PAGE_MAX = 1000;
const ATTRIBUTES = new Set(['ETag', 'Checksum', 'ObjectParts', 'StorageClass', 'ObjectSize']);
