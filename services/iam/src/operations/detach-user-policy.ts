/** Detaches a managed policy from a user. */
import { operation } from '@stormglass/service-kit';
import { execute, type IamClient, type IamDeps } from '../deps.ts';
import { attached, onUser } from '../permissions.ts';

export const detachUserPolicy = operation<IamClient, 'DetachUserPolicy', IamDeps>({
  name: 'DetachUserPolicy',
  state: 'write',
  permission: onUser(attached),
  async handle({ UserName: name, PolicyArn: policyArn }, call, deps) {
    const entity = { kind: 'user', name } as const;
    await execute(deps, call, { type: 'DetachPolicy', accountId: call.accountId, entity, policyArn });
    return {};
  },
});
