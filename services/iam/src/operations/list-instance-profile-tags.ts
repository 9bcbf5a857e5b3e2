/** Lists the tags of an instance profile. */
import { operation } from '@stormglass/service-kit';
import type { IamClient, IamDeps } from '../deps.ts';
import { findInstanceProfile } from '../entities.ts';
import { byPosition, pageMarks, pageOf, pageRequest } from '../paging.ts';
import { onInstanceProfile } from '../resource-permissions.ts';
import { shownTags } from '../shapes.ts';

export const listInstanceProfileTags = operation<IamClient, 'ListInstanceProfileTags', IamDeps>({
  name: 'ListInstanceProfileTags',
  state: 'strong-read',
  permission: onInstanceProfile(),
  handle(input, call, deps) {
    const { tags } = findInstanceProfile(deps, call, input.InstanceProfileName);
    const page = pageOf(tags, byPosition, pageRequest('iam:ListInstanceProfileTags', input));
    return { Tags: shownTags(page.items), ...pageMarks('iam:ListInstanceProfileTags', page) };
  },
});
