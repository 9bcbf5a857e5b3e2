/** The digests that can be asked for while a body passes: S3's checksums, and MD5 for the ETag. */

export const DIGEST_NAMES = ['md5', 'sha1', 'sha256', 'crc32', 'crc32c', 'crc64nvme'] as const;

export type DigestName = (typeof DIGEST_NAMES)[number];

/** What was asked for, and no more. CRCs are big-endian, as S3 sends them (base64 of 4 or 8 bytes). */
export type DigestValues = Readonly<Partial<Record<DigestName, Buffer>>>;
