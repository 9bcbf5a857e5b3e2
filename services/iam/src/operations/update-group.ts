/** Renames a group, or moves it to another path. Its members come along. */

import { defined } from '@stormglass/base';
import { operation } from '@stormglass/service-kit';
import { execute, type IamClient, type IamDeps } from '../deps.ts';
import { onMovedGroup } from '../resource-permissions.ts';

export const updateGroup = operation<IamClient, 'UpdateGroup', IamDeps>({
  name: 'UpdateGroup',
  state: 'write',
  permission: onMovedGroup,
  async handle({ GroupName: groupName, NewGroupName: newGroupName, NewPath: newPath }, call, deps) {
    const changes = defined({ newGroupName, newPath });
    await execute(deps, call, { type: 'UpdateGroup', accountId: call.accountId, groupName, ...changes });
    return {};
  },
});
