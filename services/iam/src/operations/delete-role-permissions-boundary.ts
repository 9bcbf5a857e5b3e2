/** Takes the permissions boundary of a role away. */
import { operation } from '@stormglass/service-kit';
import { execute, type IamClient, type IamDeps } from '../deps.ts';
import { onRole } from '../permissions.ts';

export const deleteRolePermissionsBoundary = operation<IamClient, 'DeleteRolePermissionsBoundary', IamDeps>({
  name: 'DeleteRolePermissionsBoundary',
  state: 'write',
  permission: onRole(),
  async handle({ RoleName: name }, call, deps) {
    const entity = { kind: 'role', name } as const;
    await execute(deps, call, { type: 'DeletePermissionsBoundary', accountId: call.accountId, entity });
    return {};
  },
});
