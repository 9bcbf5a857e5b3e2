/** Storage classes: kept and shown, without a difference in how bytes are stored. */
import { s3Error } from '../errors.ts';

/** @throws AwsError InvalidStorageClass */
export function storageClassHeader(value: string | undefined): string {
  if (value === undefined) return 'STANDARD';
  if (!STORAGE_CLASSES.has(value)) throw s3Error('InvalidStorageClass', { StorageClassRequested: value });
  return value;
}

const STORAGE_CLASSES = new Set([
  'STANDARD',
  'REDUCED_REDUNDANCY',
  'STANDARD_IA',
  'ONEZONE_IA',
  'INTELLIGENT_TIERING',
  'GLACIER',
  'DEEP_ARCHIVE',
  'GLACIER_IR',
]);
