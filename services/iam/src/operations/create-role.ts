/** Makes a role that its trust policy lets somebody assume. */
import { defined, iamId } from '@stormglass/base';
import { operation } from '@stormglass/service-kit';
import { execute, type IamClient, type IamDeps } from '../deps.ts';
import { boundedAndTagged, onNew } from '../permissions.ts';
import { givenTags, shownRole } from '../shapes.ts';

export const createRole = operation<IamClient, 'CreateRole', IamDeps>({
  name: 'CreateRole',
  state: 'write',
  permission: onNew('role', boundedAndTagged),
  async handle(input, call, deps) {
    const role = await execute(deps, call, {
      type: 'CreateRole',
      accountId: call.accountId,
      roleName: input.RoleName,
      roleId: iamId(deps.random, 'AROA'),
      path: input.Path ?? '/',
      trustPolicy: input.AssumeRolePolicyDocument,
      ...defined({
        description: input.Description,
        maxSessionDurationSeconds: input.MaxSessionDuration,
        permissionsBoundary: input.PermissionsBoundary,
        tags: givenTags(input.Tags),
      }),
    });
    return { Role: shownRole(role) };
  },
});
