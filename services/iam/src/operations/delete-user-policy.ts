/** Deletes an inline policy of a user. */
import { operation } from '@stormglass/service-kit';
import { execute, type IamClient, type IamDeps } from '../deps.ts';
import { onUser } from '../permissions.ts';

export const deleteUserPolicy = operation<IamClient, 'DeleteUserPolicy', IamDeps>({
  name: 'DeleteUserPolicy',
  state: 'write',
  permission: onUser(),
  async handle({ UserName: name, PolicyName: policyName }, call, deps) {
    const entity = { kind: 'user', name } as const;
    await execute(deps, call, { type: 'DeleteInlinePolicy', accountId: call.accountId, entity, policyName });
    return {};
  },
});
