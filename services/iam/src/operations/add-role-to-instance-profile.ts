/** Gives an instance profile its role, which the caller must be allowed to pass on. */
import { operation } from '@stormglass/service-kit';
import { execute, type IamClient, type IamDeps } from '../deps.ts';
import { refuseUnpassableRole } from '../pass-role.ts';
import { onInstanceProfile } from '../resource-permissions.ts';

export const addRoleToInstanceProfile = operation<IamClient, 'AddRoleToInstanceProfile', IamDeps>({
  name: 'AddRoleToInstanceProfile',
  state: 'write',
  permission: onInstanceProfile(),
  async handle({ InstanceProfileName: profileName, RoleName: roleName }, call, deps) {
    refuseUnpassableRole(roleName, 'ec2.amazonaws.com', call, deps);
    await execute(deps, call, { type: 'AddRoleToInstanceProfile', accountId: call.accountId, profileName, roleName });
    return {};
  },
});
