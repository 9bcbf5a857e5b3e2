/** Deletes an inline policy of a role. */
import { operation } from '@stormglass/service-kit';
import { execute, type IamClient, type IamDeps } from '../deps.ts';
import { onRole } from '../permissions.ts';

export const deleteRolePolicy = operation<IamClient, 'DeleteRolePolicy', IamDeps>({
  name: 'DeleteRolePolicy',
  state: 'write',
  permission: onRole(),
  async handle({ RoleName: name, PolicyName: policyName }, call, deps) {
    const entity = { kind: 'role', name } as const;
    await execute(deps, call, { type: 'DeleteInlinePolicy', accountId: call.accountId, entity, policyName });
    return {};
  },
});
