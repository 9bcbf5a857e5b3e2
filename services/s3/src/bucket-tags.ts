/** Tags of buckets, and their limits ("Using cost allocation S3 bucket tags", Amazon S3 User Guide). */
import type { Tag } from '@aws-sdk/client-s3';
import { s3Problem } from './errors.ts';
import { wellFormedTags } from './headers/tagging.ts';

const TAGS_MAX = 50;

/** @throws AwsError InvalidTag, BadRequest when there are too many */
export function bucketTags(tags: readonly Tag[]): readonly Tag[] {
  if (tags.length > TAGS_MAX) throw s3Problem('BadRequest', `Bucket tag count cannot be greater than ${TAGS_MAX}`);
  wellFormedTags(tags.map(({ Key = '', Value = '' }) => ({ key: Key, value: Value })));
  return tags;
}
