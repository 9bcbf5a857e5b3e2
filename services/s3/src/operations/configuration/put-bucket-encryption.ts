/** Says how new objects of a bucket are encrypted. */
import type { ServerSideEncryptionRule } from '@aws-sdk/client-s3';
import { configure } from '../../configurations.ts';
import { malformedXml, notOffered, s3Problem } from '../../errors.ts';
import { PERMISSIONS } from '../../permissions/index.ts';
import { s3Operation } from '../../s3-operation.ts';

export const putBucketEncryption = s3Operation({
  name: 'PutBucketEncryption',
  state: 'write',
  permission: PERMISSIONS.PutBucketEncryption,
  gaps: ['Objects are encrypted with the key of the region (AES256); keys of KMS are refused.'],
  handle({ Bucket = '', ServerSideEncryptionConfiguration: configuration }, call, deps) {
    const [rule, ...others] = configuration?.Rules ?? [];
    if (rule === undefined || others.length > 0) throw malformedXml();
    check(rule);
    return configure(deps, call, Bucket, 'encryption', { Rules: [{ BucketKeyEnabled: false, ...rule }] });
  },
});

function check({ ApplyServerSideEncryptionByDefault: byDefault }: ServerSideEncryptionRule): void {
  if (byDefault?.SSEAlgorithm === undefined) throw malformedXml();
  if (byDefault.SSEAlgorithm !== 'AES256') throw notOffered('Encryption with keys of KMS');
  if (byDefault.KMSMasterKeyID !== undefined)
    throw s3Problem(
      'InvalidArgument',
      'a KMSMasterKeyID is not applicable if the default sse algorithm is not aws:kms or aws:kms:dsse',
    );
}
