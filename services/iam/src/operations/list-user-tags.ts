/** Lists the tags of a user. */
import { operation } from '@stormglass/service-kit';
import type { IamClient, IamDeps } from '../deps.ts';
import { findUser } from '../entities.ts';
import { byPosition, pageMarks, pageOf, pageRequest } from '../paging.ts';
import { onUser } from '../permissions.ts';
import { shownTags } from '../shapes.ts';

export const listUserTags = operation<IamClient, 'ListUserTags', IamDeps>({
  name: 'ListUserTags',
  state: 'strong-read',
  permission: onUser(),
  handle(input, call, deps) {
    const { tags } = findUser(deps, call, input.UserName);
    const page = pageOf(tags, byPosition, pageRequest('iam:ListUserTags', input));
    return { Tags: shownTags(page.items), ...pageMarks('iam:ListUserTags', page) };
  },
});
