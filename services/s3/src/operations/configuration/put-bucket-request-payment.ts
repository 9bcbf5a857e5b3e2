/** Says who pays for requests: it can only be the owner of the bucket. */
import { malformedXml, notOffered } from '../../errors.ts';
import { bucketNamed } from '../../find.ts';
import { PERMISSIONS } from '../../permissions/index.ts';
import { s3Operation } from '../../s3-operation.ts';

export const putBucketRequestPayment = s3Operation({
  name: 'PutBucketRequestPayment',
  state: 'write',
  permission: PERMISSIONS.PutBucketRequestPayment,
  gaps: ['Only the owner of the bucket can pay.'],
  handle({ Bucket = '', RequestPaymentConfiguration }, _call, deps) {
    bucketNamed(deps, Bucket);
    switch (RequestPaymentConfiguration?.Payer) {
      case 'BucketOwner':
        return {};
      case 'Requester':
        throw notOffered('Payment by the requester');
      default:
        throw malformedXml();
    }
  },
});
