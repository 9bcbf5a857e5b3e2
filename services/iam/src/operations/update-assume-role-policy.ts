/** Gives a role another trust policy. */
import { operation } from '@stormglass/service-kit';
import { execute, type IamClient, type IamDeps } from '../deps.ts';
import { onRole } from '../permissions.ts';

export const updateAssumeRolePolicy = operation<IamClient, 'UpdateAssumeRolePolicy', IamDeps>({
  name: 'UpdateAssumeRolePolicy',
  state: 'write',
  permission: onRole(),
  async handle({ RoleName: roleName, PolicyDocument: trustPolicy }, call, deps) {
    await execute(deps, call, { type: 'UpdateAssumeRolePolicy', accountId: call.accountId, roleName, trustPolicy });
    return {};
  },
});
