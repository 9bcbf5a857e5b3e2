/** Bytes of objects: blobs on a zone's disk, their encryption, and the digests taken while they pass. */
export { BlobDamaged, BlobMissing } from './blob-errors.ts';
export type { BlobFiles, BlobFilesOptions, BlobSink, ScrubVerdict } from './blob-files.ts';
export { BodyDigests, digestOf } from './digests/body-digests.ts';
export { type CrcPart, combinedCrc } from './digests/combine-crc.ts';
export type { CrcName } from './digests/crc.ts';
export { DIGEST_NAMES, type DigestName, type DigestValues } from './digests/digest-name.ts';
export { openBlobFiles } from './disk-blob-files.ts';
export { LocalBytes, type LocalBytesOptions } from './local-bytes.ts';
export type { BlobRef, BodyKey, ObjectBytes, ReadOptions, StoredBody, StoreOptions } from './object-bytes.ts';
export { DATA_KEY_BYTES, ObjectKeys } from './object-keys.ts';
export { Sealers, type SealersOptions } from './seal/sealers.ts';
export { type StoreBodyTools, storeBody } from './store-body.ts';
export { BLOCK_BYTES, FRAME_BYTES, Frames, isBlobId, storedBytesOf } from './stored/frame.ts';
