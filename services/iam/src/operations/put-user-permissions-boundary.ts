/** Bounds what the policies of a user can allow. */
import { operation } from '@stormglass/service-kit';
import { execute, type IamClient, type IamDeps } from '../deps.ts';
import { bounded, onUser } from '../permissions.ts';

export const putUserPermissionsBoundary = operation<IamClient, 'PutUserPermissionsBoundary', IamDeps>({
  name: 'PutUserPermissionsBoundary',
  state: 'write',
  permission: onUser(bounded),
  async handle({ UserName: name, PermissionsBoundary: policyArn }, call, deps) {
    const entity = { kind: 'user', name } as const;
    await execute(deps, call, { type: 'PutPermissionsBoundary', accountId: call.accountId, entity, policyArn });
    return {};
  },
});
