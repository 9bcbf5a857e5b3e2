/** Changes the description of a role and shows the role: the older form of UpdateRole. */
import { operation } from '@stormglass/service-kit';
import { execute, type IamClient, type IamDeps } from '../deps.ts';
import { onRole } from '../permissions.ts';
import { shownRole } from '../shapes.ts';

export const updateRoleDescription = operation<IamClient, 'UpdateRoleDescription', IamDeps>({
  name: 'UpdateRoleDescription',
  state: 'write',
  permission: onRole(),
  async handle({ RoleName: roleName, Description: description }, call, deps) {
    const role = await execute(deps, call, { type: 'UpdateRole', accountId: call.accountId, roleName, description });
    return { Role: shownRole(role) };
  },
});
