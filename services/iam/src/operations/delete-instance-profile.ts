/** Deletes an instance profile that has no role any more. */
import { operation } from '@stormglass/service-kit';
import { execute, type IamClient, type IamDeps } from '../deps.ts';
import { onInstanceProfile } from '../resource-permissions.ts';

export const deleteInstanceProfile = operation<IamClient, 'DeleteInstanceProfile', IamDeps>({
  name: 'DeleteInstanceProfile',
  state: 'write',
  permission: onInstanceProfile(),
  async handle({ InstanceProfileName: profileName }, call, deps) {
    await execute(deps, call, { type: 'DeleteInstanceProfile', accountId: call.accountId, profileName });
    return {};
  },
});
