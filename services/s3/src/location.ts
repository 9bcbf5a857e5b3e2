/** Location constraints: in which region a bucket is to be made, and where it is. */
import type { BucketLocationConstraint } from '@aws-sdk/client-s3';
import { s3Error, s3Problem } from './errors.ts';

/** The oldest region is named by saying nothing. */
const UNNAMED_REGION = 'us-east-1';
/** An older name. */
const EU = { name: 'EU', region: 'eu-west-1' };
const REGION = /^[a-z]{2,4}(-[a-z]+)+-\d{1,2}$/;

/** @throws AwsError unless a bucket that is to be there can be made in `region` */
export function checkLocation(asked: string | undefined, region: string): void {
  const wanted = asked === EU.name ? EU.region : asked;
  if (wanted === undefined || wanted === '') {
    if (region !== UNNAMED_REGION) throw s3Error('IllegalLocationConstraintException');
    return;
  }
  if (!REGION.test(wanted) || wanted === UNNAMED_REGION)
    throw s3Error('InvalidLocationConstraint', { LocationConstraint: asked });
  if (wanted !== region)
    throw s3Problem(
      'IllegalLocationConstraintException',
      `The ${asked} location constraint is incompatible for the region specific endpoint this request was sent to.`,
    );
}

/** As GetBucketLocation says it: nothing for the oldest region. */
export const locationConstraint = (region: string): BucketLocationConstraint | undefined =>
  region === UNNAMED_REGION ? undefined : (region as BucketLocationConstraint);
