/** Attaches a managed policy to a role; attaching it twice changes nothing. */
import { operation } from '@stormglass/service-kit';
import { execute, type IamClient, type IamDeps } from '../deps.ts';
import { attached, onRole } from '../permissions.ts';

export const attachRolePolicy = operation<IamClient, 'AttachRolePolicy', IamDeps>({
  name: 'AttachRolePolicy',
  state: 'write',
  permission: onRole(attached),
  async handle({ RoleName: name, PolicyArn: policyArn }, call, deps) {
    const entity = { kind: 'role', name } as const;
    await execute(deps, call, { type: 'AttachPolicy', accountId: call.accountId, entity, policyArn });
    return {};
  },
});
