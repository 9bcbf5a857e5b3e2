/** The checksum algorithms of S3, under the names that headers, XML and the store give them. */

export const ALGORITHMS = ['CRC32', 'CRC32C', 'CRC64NVME', 'SHA1', 'SHA256'] as const;
export type ChecksumAlgorithm = (typeof ALGORITHMS)[number];
export type ChecksumType = 'COMPOSITE' | 'FULL_OBJECT';

/** How the store calls it: `crc32c`. */
export type ChecksumDigest = Lowercase<ChecksumAlgorithm>;

export const digestOf = (algorithm: ChecksumAlgorithm): ChecksumDigest => algorithm.toLowerCase() as ChecksumDigest;
export const headerOf = (algorithm: ChecksumAlgorithm): string => `x-amz-checksum-${digestOf(algorithm)}`;

export const isAlgorithm = (name: string): name is ChecksumAlgorithm => ALGORITHMS.some(each => each === name);

/** Bytes of a checksum before base64. */
export const CHECKSUM_BYTES: Readonly<Record<ChecksumAlgorithm, number>> = {
  CRC32: 4,
  CRC32C: 4,
  CRC64NVME: 8,
  SHA1: 20,
  SHA256: 32,
};

/** The members that carry checksums in inputs and outputs of the model. */
export interface ChecksumMembers {
  ChecksumCRC32?: string | undefined;
  ChecksumCRC32C?: string | undefined;
  ChecksumCRC64NVME?: string | undefined;
  ChecksumSHA1?: string | undefined;
  ChecksumSHA256?: string | undefined;
}

export const memberOf = (algorithm: ChecksumAlgorithm): keyof ChecksumMembers => `Checksum${algorithm}`;

/** Base64 of exactly the bytes that the algorithm makes. */
export const isChecksum = (algorithm: ChecksumAlgorithm, text: string): boolean =>
  isBase64Of(text, CHECKSUM_BYTES[algorithm]);

export function isBase64Of(text: string, bytes: number): boolean {
  const decoded = Buffer.from(text, 'base64');
  return decoded.length === bytes && decoded.toString('base64') === text;
}
