/** Storage classes: kept and shown, without a difference in how bytes are stored. */
import { notOffered, s3Error } from '../errors.ts';

/** @throws AwsError InvalidStorageClass, NotImplemented */
export function storageClassHeader(value: string | undefined, { zone }: { readonly zone?: string } = {}): string {
  const usual = zone === undefined ? 'STANDARD' : ONE_ZONE;
  if (value === undefined || value === usual) return usual;
  if (ARCHIVES.has(value) && zone === undefined) throw notOffered(`The storage class ${value}`);
  if (zone !== undefined || !STORAGE_CLASSES.has(value))
    throw s3Error('InvalidStorageClass', { StorageClassRequested: value });
  return value;
}

/** The only one of one-zone buckets. */
const ONE_ZONE = 'EXPRESS_ONEZONE';
const STORAGE_CLASSES = new Set([
  'REDUCED_REDUNDANCY',
  'STANDARD_IA',
  'ONEZONE_IA',
  'INTELLIGENT_TIERING',
  'GLACIER_IR',
]);
/** Objects that cannot be read before they are restored. */
const ARCHIVES = new Set(['GLACIER', 'DEEP_ARCHIVE']);
