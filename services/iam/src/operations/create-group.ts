/** Makes a group. */

import { iamId } from '@stormglass/base';
import { operation } from '@stormglass/service-kit';
import { execute, type IamClient, type IamDeps } from '../deps.ts';
import { onNew } from '../permissions.ts';
import { shownGroup } from '../shapes.ts';

export const createGroup = operation<IamClient, 'CreateGroup', IamDeps>({
  name: 'CreateGroup',
  state: 'write',
  permission: onNew('group', () => ({})),
  async handle(input, call, deps) {
    const group = await execute(deps, call, {
      type: 'CreateGroup',
      accountId: call.accountId,
      groupName: input.GroupName,
      groupId: iamId(deps.random, 'AGPA'),
      path: input.Path ?? '/',
    });
    return { Group: shownGroup(group) };
  },
});
