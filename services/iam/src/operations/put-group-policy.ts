/** Puts an inline policy into a group, in place of one with the same name. */
import { operation } from '@stormglass/service-kit';
import { execute, type IamClient, type IamDeps } from '../deps.ts';
import { onGroup } from '../resource-permissions.ts';

export const putGroupPolicy = operation<IamClient, 'PutGroupPolicy', IamDeps>({
  name: 'PutGroupPolicy',
  state: 'write',
  permission: onGroup(),
  async handle({ GroupName: name, PolicyName: policyName, PolicyDocument: document }, call, deps) {
    const entity = { kind: 'group', name } as const;
    await execute(deps, call, { type: 'PutInlinePolicy', accountId: call.accountId, entity, policyName, document });
    return {};
  },
});
