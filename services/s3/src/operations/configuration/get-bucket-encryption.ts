/** Tells how new objects of a bucket are encrypted. */
import type { ServerSideEncryptionConfiguration } from '@aws-sdk/client-s3';
import { bucketNamed } from '../../find.ts';
import { PERMISSIONS } from '../../permissions/index.ts';
import { s3Operation } from '../../s3-operation.ts';

const USUAL: ServerSideEncryptionConfiguration = {
  Rules: [{ ApplyServerSideEncryptionByDefault: { SSEAlgorithm: 'AES256' }, BucketKeyEnabled: false }],
};

export const getBucketEncryption = s3Operation({
  name: 'GetBucketEncryption',
  state: 'strong-read',
  permission: PERMISSIONS.GetBucketEncryption,
  handle({ Bucket = '' }, _call, deps) {
    const { encryption } = bucketNamed(deps, Bucket).config;
    return {
      ServerSideEncryptionConfiguration: (encryption as ServerSideEncryptionConfiguration | undefined) ?? USUAL,
    };
  },
});
