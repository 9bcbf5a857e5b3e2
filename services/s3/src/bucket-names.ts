/** Which names buckets may have ("General purpose bucket naming rules" and "Directory bucket naming rules", User Guide). */
import { s3Error, s3Problem } from './errors.ts';

const NAME = /^[a-z0-9](?:[a-z0-9.-]{1,61})[a-z0-9]$/;
const ADDRESS = /^\d+\.\d+\.\d+\.\d+$/;
const RESERVED_STARTS = ['xn--', 'sthree-', 'amzn-s3-demo-'];
const RESERVED_ENDS = ['-s3alias', '--ol-s3', '.mrap', '--x-s3', '--table-s3'];
const DIRECTORY = /^[a-z0-9](?:[a-z0-9-]*[a-z0-9])?--([a-z0-9]+-az[0-9]+)--x-s3$/;

/** @throws AwsError InvalidBucketName */
export function checkBucketName(name: string): void {
  const isWellFormed = NAME.test(name) && !ADDRESS.test(name) && !/\.\.|\.-|-\./.test(name);
  const isReserved =
    RESERVED_STARTS.some(start => name.startsWith(start)) || RESERVED_ENDS.some(end => name.endsWith(end));
  if (!isWellFormed || isReserved) throw s3Error('InvalidBucketName', { BucketName: name });
}

/**
 * The zone that the name of a directory bucket ends with: one of `zones`.
 * @throws AwsError InvalidBucketName
 */
export function zoneInName(name: string, zones: readonly string[]): string {
  const zone = name.length <= 63 ? DIRECTORY.exec(name)?.[1] : undefined;
  if (zone === undefined) throw s3Error('InvalidBucketName', { BucketName: name });
  if (!zones.includes(zone))
    throw s3Problem(
      'InvalidBucketName',
      `The specified bucket is not valid: there is no zone ${zone} in this region.`,
      {
        BucketName: name,
      },
    );
  return zone;
}
