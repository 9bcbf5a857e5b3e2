/** Changes the description of a role, or how long its sessions may last. */
import { defined } from '@stormglass/base';
import { operation } from '@stormglass/service-kit';
import { execute, type IamClient, type IamDeps } from '../deps.ts';
import { onRole } from '../permissions.ts';

export const updateRole = operation<IamClient, 'UpdateRole', IamDeps>({
  name: 'UpdateRole',
  state: 'write',
  permission: onRole(),
  async handle(input, call, deps) {
    const changes = defined({ description: input.Description, maxSessionDurationSeconds: input.MaxSessionDuration });
    await execute(deps, call, { type: 'UpdateRole', accountId: call.accountId, roleName: input.RoleName, ...changes });
    return {};
  },
});
