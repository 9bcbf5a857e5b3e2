/** Detaches a managed policy from a group. */
import { operation } from '@stormglass/service-kit';
import { execute, type IamClient, type IamDeps } from '../deps.ts';
import { attached } from '../permissions.ts';
import { onGroup } from '../resource-permissions.ts';

export const detachGroupPolicy = operation<IamClient, 'DetachGroupPolicy', IamDeps>({
  name: 'DetachGroupPolicy',
  state: 'write',
  permission: onGroup(attached),
  async handle({ GroupName: name, PolicyArn: policyArn }, call, deps) {
    const entity = { kind: 'group', name } as const;
    await execute(deps, call, { type: 'DetachPolicy', accountId: call.accountId, entity, policyArn });
    return {};
  },
});
