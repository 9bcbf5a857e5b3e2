/** Deletes the role of an AWS service, and answers with a task to ask about. */

import { uuid } from '@stormglass/base';
import { operation } from '@stormglass/service-kit';
import { execute, type IamClient, type IamDeps } from '../deps.ts';
import { onRole } from '../permissions.ts';

export const deleteServiceLinkedRole = operation<IamClient, 'DeleteServiceLinkedRole', IamDeps>({
  name: 'DeleteServiceLinkedRole',
  state: 'write',
  permission: onRole(),
  gaps: ['The role is gone at once: nothing here holds on to it.'],
  async handle({ RoleName: roleName }, call, deps) {
    const { accountId } = call;
    const command = { type: 'DeleteServiceLinkedRole', accountId, roleName, taskUuid: uuid(deps.random) } as const;
    return { DeletionTaskId: (await execute(deps, call, command)).deletionTaskId };
  },
});
