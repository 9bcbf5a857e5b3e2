/** Puts an inline policy into a user, in place of one with the same name. */
import { operation } from '@stormglass/service-kit';
import { execute, type IamClient, type IamDeps } from '../deps.ts';
import { onUser } from '../permissions.ts';

export const putUserPolicy = operation<IamClient, 'PutUserPolicy', IamDeps>({
  name: 'PutUserPolicy',
  state: 'write',
  permission: onUser(),
  async handle({ UserName: name, PolicyName: policyName, PolicyDocument: document }, call, deps) {
    const entity = { kind: 'user', name } as const;
    await execute(deps, call, { type: 'PutInlinePolicy', accountId: call.accountId, entity, policyName, document });
    return {};
  },
});
