/** Lists the groups that a user is in, in the order of their names. */
import { operation } from '@stormglass/service-kit';
import type { IamClient, IamDeps } from '../deps.ts';
import { findUser } from '../entities.ts';
import { pageMarks, pageOf, pageRequest } from '../paging.ts';
import { onUser } from '../permissions.ts';
import { shownGroup } from '../shapes.ts';

export const listGroupsForUser = operation<IamClient, 'ListGroupsForUser', IamDeps>({
  name: 'ListGroupsForUser',
  state: 'strong-read',
  permission: onUser(),
  handle(input, call, deps) {
    const groups = deps.replica.view.groupsOf(findUser(deps, call, input.UserName));
    const page = pageOf(groups, group => group.name.toLowerCase(), pageRequest('iam:ListGroupsForUser', input));
    return { Groups: page.items.map(shownGroup), ...pageMarks('iam:ListGroupsForUser', page) };
  },
});
