/** Deletes a group that has neither members nor policies any more. */
import { operation } from '@stormglass/service-kit';
import { execute, type IamClient, type IamDeps } from '../deps.ts';
import { onGroup } from '../resource-permissions.ts';

export const deleteGroup = operation<IamClient, 'DeleteGroup', IamDeps>({
  name: 'DeleteGroup',
  state: 'write',
  permission: onGroup(),
  async handle({ GroupName: groupName }, call, deps) {
    await execute(deps, call, { type: 'DeleteGroup', accountId: call.accountId, groupName });
    return {};
  },
});
