/** Detaches a managed policy from a role. */
import { operation } from '@stormglass/service-kit';
import { execute, type IamClient, type IamDeps } from '../deps.ts';
import { attached, onRole } from '../permissions.ts';

export const detachRolePolicy = operation<IamClient, 'DetachRolePolicy', IamDeps>({
  name: 'DetachRolePolicy',
  state: 'write',
  permission: onRole(attached),
  async handle({ RoleName: name, PolicyArn: policyArn }, call, deps) {
    const entity = { kind: 'role', name } as const;
    await execute(deps, call, { type: 'DetachPolicy', accountId: call.accountId, entity, policyArn });
    return {};
  },
});
