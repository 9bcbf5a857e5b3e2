/** Names of buckets, and the ARNs that policies call them and their objects by. */
import type { OpenCall } from '@stormglass/service-kit';

type Where = Pick<OpenCall, 'partition' | 'region'>;

/** Directory buckets live in one zone, and say so in their name. */
export const isDirectoryBucket = (name: string): boolean => name.endsWith('--x-s3');

/** @param account owner of the bucket; only the ARNs of directory buckets have it */
export const bucketArn = ({ partition, region }: Where, name: string, account: string): string =>
  isDirectoryBucket(name)
    ? `arn:${partition}:s3express:${region}:${account}:bucket/${name}`
    : `arn:${partition}:s3:::${name}`;

export const objectArn = ({ partition }: Where, bucket: string, key: string): string =>
  `arn:${partition}:s3:::${bucket}/${key}`;
