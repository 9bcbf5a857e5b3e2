/** Objects, versions, uploads and parts as lists show them. */
import type {
  CommonPrefix,
  DeleteMarkerEntry,
  Initiator,
  MultipartUpload,
  Owner,
  _Object as SdkObject,
  ObjectVersion as SdkObjectVersion,
  Part as SdkPart,
} from '@aws-sdk/client-s3';
import { canonicalUserId } from '@stormglass/identity';
import type { Checksum, DeleteMarker, ObjectVersion, Part, Upload } from '@stormglass/object-index';
import type { Encode } from './url-encoding.ts';

export const shownOwner = (account: string): Owner => ({ ID: canonicalUserId(account) });

/** Users and roles are shown by their ARN, accounts as owners are. */
export const shownInitiator = (initiator: string): Initiator =>
  initiator.startsWith('arn:') ? { ID: initiator } : shownOwner(initiator);

export const shownPrefixes = (prefixes: readonly string[], encode: Encode): CommonPrefix[] =>
  prefixes.map(prefix => ({ Prefix: encode(prefix) }));

export const shownObject = (version: ObjectVersion, encode: Encode, withOwner: boolean): SdkObject => ({
  Key: encode(version.key),
  LastModified: new Date(version.lastModified),
  ETag: `"${version.etag}"`,
  ...checksumKind(version.checksum),
  Size: version.size,
  StorageClass: version.storageClass as SdkObject['StorageClass'],
  ...(withOwner ? { Owner: shownOwner(version.owner) } : {}),
});

export const shownVersion = (version: ObjectVersion, encode: Encode): SdkObjectVersion => ({
  ...shownObject(version, encode, true),
  StorageClass: version.storageClass as SdkObjectVersion['StorageClass'],
  VersionId: version.versionId,
  IsLatest: version.isLatest,
});

export const shownMarker = (marker: DeleteMarker, encode: Encode): DeleteMarkerEntry => ({
  Owner: shownOwner(marker.owner),
  Key: encode(marker.key),
  VersionId: marker.versionId,
  IsLatest: marker.isLatest,
  LastModified: new Date(marker.lastModified),
});

export const shownUpload = (upload: Upload, encode: Encode): MultipartUpload => ({
  UploadId: upload.id,
  Key: encode(upload.key),
  Initiated: new Date(upload.initiated),
  StorageClass: upload.storageClass as MultipartUpload['StorageClass'],
  Owner: shownOwner(upload.owner),
  Initiator: shownInitiator(upload.initiator),
  ChecksumAlgorithm: upload.checksum?.algorithm,
  ChecksumType: upload.checksum?.type,
});

export const shownPart = ({ part, size, etag, lastModified, checksum }: Part): SdkPart => ({
  PartNumber: part,
  LastModified: new Date(lastModified),
  ETag: `"${etag}"`,
  Size: size,
  ...(checksum === undefined ? {} : { [`Checksum${checksum.algorithm}`]: checksum.value }),
});

const checksumKind = (checksum: Checksum | undefined): Partial<SdkObject> =>
  checksum === undefined ? {} : { ChecksumAlgorithm: [checksum.algorithm], ChecksumType: checksum.type };
