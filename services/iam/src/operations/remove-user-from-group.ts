/** Takes a user out of a group; one that is not in it is no error. */
import { operation } from '@stormglass/service-kit';
import { execute, type IamClient, type IamDeps } from '../deps.ts';
import { onGroup } from '../resource-permissions.ts';

export const removeUserFromGroup = operation<IamClient, 'RemoveUserFromGroup', IamDeps>({
  name: 'RemoveUserFromGroup',
  state: 'write',
  permission: onGroup(),
  async handle({ GroupName: groupName, UserName: userName }, call, deps) {
    await execute(deps, call, { type: 'RemoveUserFromGroup', accountId: call.accountId, groupName, userName });
    return {};
  },
});
