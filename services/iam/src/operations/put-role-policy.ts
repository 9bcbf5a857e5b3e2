/** Puts an inline policy into a role, in place of one with the same name. */
import { operation } from '@stormglass/service-kit';
import { execute, type IamClient, type IamDeps } from '../deps.ts';
import { onRole } from '../permissions.ts';

export const putRolePolicy = operation<IamClient, 'PutRolePolicy', IamDeps>({
  name: 'PutRolePolicy',
  state: 'write',
  permission: onRole(),
  async handle({ RoleName: name, PolicyName: policyName, PolicyDocument: document }, call, deps) {
    const entity = { kind: 'role', name } as const;
    await execute(deps, call, { type: 'PutInlinePolicy', accountId: call.accountId, entity, policyName, document });
    return {};
  },
});
