/** Takes the permissions boundary of a user away. */
import { operation } from '@stormglass/service-kit';
import { execute, type IamClient, type IamDeps } from '../deps.ts';
import { onUser } from '../permissions.ts';

export const deleteUserPermissionsBoundary = operation<IamClient, 'DeleteUserPermissionsBoundary', IamDeps>({
  name: 'DeleteUserPermissionsBoundary',
  state: 'write',
  permission: onUser(),
  async handle({ UserName: name }, call, deps) {
    const entity = { kind: 'user', name } as const;
    await execute(deps, call, { type: 'DeletePermissionsBoundary', accountId: call.accountId, entity });
    return {};
  },
});
