/** Renames a user, or moves it to another path. */
import { defined } from '@stormglass/base';
import { operation } from '@stormglass/service-kit';
import { execute, type IamClient, type IamDeps } from '../deps.ts';
import { onMovedUser } from '../permissions.ts';

export const updateUser = operation<IamClient, 'UpdateUser', IamDeps>({
  name: 'UpdateUser',
  state: 'write',
  permission: onMovedUser,
  async handle({ UserName: userName, NewUserName: newUserName, NewPath: newPath }, call, deps) {
    const changes = defined({ newUserName, newPath });
    await execute(deps, call, { type: 'UpdateUser', accountId: call.accountId, userName, ...changes });
    return {};
  },
});
