/** Replaces the rules by which objects of a bucket expire. */
import { configure } from '../../configurations.ts';
import { lifecycleConfiguration } from '../../lifecycle-configuration.ts';
import { PERMISSIONS } from '../../permissions/index.ts';
import { s3Operation } from '../../s3-operation.ts';

export const putBucketLifecycleConfiguration = s3Operation({
  name: 'PutBucketLifecycleConfiguration',
  state: 'write',
  permission: PERMISSIONS.PutBucketLifecycleConfiguration,
  gaps: ['Transitions to other storage classes are refused: there is one kind of storage.'],
  async handle(input, call, deps) {
    const { Bucket = '', LifecycleConfiguration = { Rules: [] }, TransitionDefaultMinimumObjectSize } = input;
    const Rules = lifecycleConfiguration(LifecycleConfiguration, deps.random);
    const size = TransitionDefaultMinimumObjectSize ?? 'all_storage_classes_128K';
    await configure(deps, call, Bucket, 'lifecycle', { Rules, TransitionDefaultMinimumObjectSize: size });
    return { TransitionDefaultMinimumObjectSize: size };
  },
});
