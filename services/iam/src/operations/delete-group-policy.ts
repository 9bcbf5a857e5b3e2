/** Removes an inline policy from a group. */
import { operation } from '@stormglass/service-kit';
import { execute, type IamClient, type IamDeps } from '../deps.ts';
import { onGroup } from '../resource-permissions.ts';

export const deleteGroupPolicy = operation<IamClient, 'DeleteGroupPolicy', IamDeps>({
  name: 'DeleteGroupPolicy',
  state: 'write',
  permission: onGroup(),
  async handle({ GroupName: name, PolicyName: policyName }, call, deps) {
    const entity = { kind: 'group', name } as const;
    await execute(deps, call, { type: 'DeleteInlinePolicy', accountId: call.accountId, entity, policyName });
    return {};
  },
});
