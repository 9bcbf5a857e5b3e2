/** Puts a user into a group; one that is in it already stays. */
import { operation } from '@stormglass/service-kit';
import { execute, type IamClient, type IamDeps } from '../deps.ts';
import { onGroup } from '../resource-permissions.ts';

export const addUserToGroup = operation<IamClient, 'AddUserToGroup', IamDeps>({
  name: 'AddUserToGroup',
  state: 'write',
  permission: onGroup(),
  async handle({ GroupName: groupName, UserName: userName }, call, deps) {
    await execute(deps, call, { type: 'AddUserToGroup', accountId: call.accountId, groupName, userName });
    return {};
  },
});
