/** The tags of an object. */
import { PERMISSIONS } from '../../permissions/index.ts';
import { s3Operation } from '../../s3-operation.ts';
import { namedVersion, settledVersion } from './settled-version.ts';

export const getObjectTagging = s3Operation({
  name: 'GetObjectTagging',
  state: 'strong-read',
  isDataEvent: true,
  permission: PERMISSIONS.GetObjectTagging,
  async handle(input, call, deps) {
    const { bucket, version } = await settledVersion(input, call, deps);
    const TagSet = version.tags.map(({ key, value }) => ({ Key: key, Value: value }));
    return { ...namedVersion(bucket, version.versionId), TagSet };
  },
});
