/** Replaces the tags of an object. */
import { checkedTags } from '../../headers/tagging.ts';
import { PERMISSIONS } from '../../permissions/index.ts';
import { s3Operation } from '../../s3-operation.ts';
import { changeSetting } from './settled-version.ts';

export const putObjectTagging = s3Operation({
  name: 'PutObjectTagging',
  state: 'write',
  isDataEvent: true,
  permission: PERMISSIONS.PutObjectTagging,
  handle(input, call, deps) {
    const given = input.Tagging?.TagSet ?? [];
    const tags = checkedTags(given.map(({ Key = '', Value = '' }) => ({ key: Key, value: Value })));
    return changeSetting(input, call, deps, { type: 'SetObjectTags', tags });
  },
});
