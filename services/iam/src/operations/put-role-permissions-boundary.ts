/** Bounds what the policies of a role can allow. */
import { operation } from '@stormglass/service-kit';
import { execute, type IamClient, type IamDeps } from '../deps.ts';
import { bounded, onRole } from '../permissions.ts';

export const putRolePermissionsBoundary = operation<IamClient, 'PutRolePermissionsBoundary', IamDeps>({
  name: 'PutRolePermissionsBoundary',
  state: 'write',
  permission: onRole(bounded),
  async handle({ RoleName: name, PermissionsBoundary: policyArn }, call, deps) {
    const entity = { kind: 'role', name } as const;
    await execute(deps, call, { type: 'PutPermissionsBoundary', accountId: call.accountId, entity, policyArn });
    return {};
  },
});
