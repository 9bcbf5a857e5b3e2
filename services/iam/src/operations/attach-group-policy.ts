/** Attaches a managed policy to a group; attaching it twice changes nothing. */
import { operation } from '@stormglass/service-kit';
import { execute, type IamClient, type IamDeps } from '../deps.ts';
import { attached } from '../permissions.ts';
import { onGroup } from '../resource-permissions.ts';

export const attachGroupPolicy = operation<IamClient, 'AttachGroupPolicy', IamDeps>({
  name: 'AttachGroupPolicy',
  state: 'write',
  permission: onGroup(attached),
  async handle({ GroupName: name, PolicyArn: policyArn }, call, deps) {
    const entity = { kind: 'group', name } as const;
    await execute(deps, call, { type: 'AttachPolicy', accountId: call.accountId, entity, policyArn });
    return {};
  },
});
