/** Takes the role out of an instance profile. */
import { operation } from '@stormglass/service-kit';
import { execute, type IamClient, type IamDeps } from '../deps.ts';
import { onInstanceProfile } from '../resource-permissions.ts';

export const removeRoleFromInstanceProfile = operation<IamClient, 'RemoveRoleFromInstanceProfile', IamDeps>({
  name: 'RemoveRoleFromInstanceProfile',
  state: 'write',
  permission: onInstanceProfile(),
  async handle({ InstanceProfileName: profileName, RoleName: roleName }, call, deps) {
    const { accountId } = call;
    await execute(deps, call, { type: 'RemoveRoleFromInstanceProfile', accountId, profileName, roleName });
    return {};
  },
});
