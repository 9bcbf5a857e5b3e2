/** The operations on what tables have beside their items. */
export { deleteResourcePolicy } from './delete-resource-policy.ts';
export { describeTimeToLive } from './describe-time-to-live.ts';
export { getResourcePolicy } from './get-resource-policy.ts';
export { listTagsOfResource } from './list-tags-of-resource.ts';
export { putResourcePolicy } from './put-resource-policy.ts';
export { tagResource } from './tag-resource.ts';
export { untagResource } from './untag-resource.ts';
export { updateTimeToLive } from './update-time-to-live.ts';
