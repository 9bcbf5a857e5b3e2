/** Makes a user. */
import { defined, iamId } from '@stormglass/base';
import { operation } from '@stormglass/service-kit';
import { execute, type IamClient, type IamDeps } from '../deps.ts';
import { boundedAndTagged, onNew } from '../permissions.ts';
import { givenTags, shownUser } from '../shapes.ts';

export const createUser = operation<IamClient, 'CreateUser', IamDeps>({
  name: 'CreateUser',
  state: 'write',
  permission: onNew('user', boundedAndTagged),
  async handle(input, call, deps) {
    const { UserName: userName, Path: path = '/', PermissionsBoundary: permissionsBoundary } = input;
    const { accountId } = call;
    const optional = defined({ permissionsBoundary, tags: givenTags(input.Tags) });
    const userId = iamId(deps.random, 'AIDA');
    const user = await execute(deps, call, { type: 'CreateUser', accountId, userName, userId, path, ...optional });
    return { User: shownUser(user) };
  },
});
