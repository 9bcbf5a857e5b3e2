/** Deletes a user that nothing hangs on any more. */
import { operation } from '@stormglass/service-kit';
import { execute, type IamClient, type IamDeps } from '../deps.ts';
import { onUser } from '../permissions.ts';

export const deleteUser = operation<IamClient, 'DeleteUser', IamDeps>({
  name: 'DeleteUser',
  state: 'write',
  permission: onUser(),
  async handle({ UserName: userName }, call, deps) {
    await execute(deps, call, { type: 'DeleteUser', accountId: call.accountId, userName });
    return {};
  },
});
