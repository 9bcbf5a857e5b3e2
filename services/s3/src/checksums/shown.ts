/** Checksums as answers have them: one member by the name of the algorithm, and the type. */
import type { ChecksumMembers, ChecksumType } from './algorithms.ts';
import { type ChecksumAlgorithm, memberOf } from './algorithms.ts';

export interface ShownChecksum extends ChecksumMembers {
  ChecksumType?: ChecksumType | undefined;
}

export function shownChecksum(
  checksum: { readonly algorithm: ChecksumAlgorithm; readonly value: string; readonly type?: ChecksumType } | undefined,
): ShownChecksum {
  if (checksum === undefined) return {};
  const { algorithm, value, type } = checksum;
  return { [memberOf(algorithm)]: value, ...(type === undefined ? {} : { ChecksumType: type }) };
}
