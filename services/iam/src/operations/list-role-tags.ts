/** Lists the tags of a role. */
import { operation } from '@stormglass/service-kit';
import type { IamClient, IamDeps } from '../deps.ts';
import { findRole } from '../entities.ts';
import { byPosition, pageMarks, pageOf, pageRequest } from '../paging.ts';
import { onRole } from '../permissions.ts';
import { shownTags } from '../shapes.ts';

export const listRoleTags = operation<IamClient, 'ListRoleTags', IamDeps>({
  name: 'ListRoleTags',
  state: 'strong-read',
  permission: onRole(),
  handle(input, call, deps) {
    const { tags } = findRole(deps, call, input.RoleName);
    const page = pageOf(tags, byPosition, pageRequest('iam:ListRoleTags', input));
    return { Tags: shownTags(page.items), ...pageMarks('iam:ListRoleTags', page) };
  },
});
