/** Arguments that lists have in common, as S3 reads them. */
import { invalidArgument } from '../../errors.ts';

/** Most items of a page (S3 API Reference, ListObjectsV2, ListMultipartUploads, ListParts). */
const ITEMS_MAX = 1000;
const INTEGER_MAX = 2_147_483_647;

/**
 * How many items a page may have. Asking for more than a thousand gets a thousand.
 * @param name of the query parameter, such as `max-keys`
 * @throws AwsError InvalidArgument
 */
export function itemsMax(asked: number | undefined, name: string): number {
  if (asked === undefined) return ITEMS_MAX;
  if (!Number.isInteger(asked) || asked < 0 || asked > INTEGER_MAX) {
    throw invalidArgument(`Argument ${name} must be an integer between 0 and ${INTEGER_MAX}`, name, `${asked}`);
  }
  return Math.min(asked, ITEMS_MAX);
}

/** An empty text means the same as none. */
export const given = (text: string | undefined): string | undefined => (text === '' ? undefined : text);
