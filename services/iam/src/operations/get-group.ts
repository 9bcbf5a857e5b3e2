/** Shows a group and its members, in pages. */
import { operation } from '@stormglass/service-kit';
import type { IamClient, IamDeps } from '../deps.ts';
import { findGroup } from '../entities.ts';
import { pageMarks, pageRequest } from '../paging.ts';
import { onGroup } from '../resource-permissions.ts';
import { listedUser, shownGroup } from '../shapes.ts';

export const getGroup = operation<IamClient, 'GetGroup', IamDeps>({
  name: 'GetGroup',
  state: 'strong-read',
  permission: onGroup(),
  handle(input, call, deps) {
    const group = findGroup(deps, call, input.GroupName);
    const page = deps.replica.view.listMembers(group, pageRequest('iam:GetGroup', input));
    return { Group: shownGroup(group), Users: page.items.map(listedUser), ...pageMarks('iam:GetGroup', page) };
  },
});
