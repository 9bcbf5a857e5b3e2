/** Deletes a role that nothing hangs on any more. Its sessions end with it. */
import { operation } from '@stormglass/service-kit';
import { execute, type IamClient, type IamDeps } from '../deps.ts';
import { onRole } from '../permissions.ts';

export const deleteRole = operation<IamClient, 'DeleteRole', IamDeps>({
  name: 'DeleteRole',
  state: 'write',
  permission: onRole(),
  async handle({ RoleName: roleName }, call, deps) {
    await execute(deps, call, { type: 'DeleteRole', accountId: call.accountId, roleName });
    return {};
  },
});
