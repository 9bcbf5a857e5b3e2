/** Says how the deletion of a service-linked role went. */
import { operation } from '@stormglass/service-kit';
import type { IamClient, IamDeps } from '../deps.ts';
import { noSuchEntity } from '../errors.ts';
import { onDeletionTask } from '../resource-permissions.ts';

export const getServiceLinkedRoleDeletionStatus = operation<IamClient, 'GetServiceLinkedRoleDeletionStatus', IamDeps>({
  name: 'GetServiceLinkedRoleDeletionStatus',
  state: 'strong-read',
  permission: onDeletionTask,
  gaps: ['The last 100 deletions of an account are remembered.'],
  handle({ DeletionTaskId: id }, call, deps) {
    const deletion = deps.replica.view.roleDeletion(call.accountId, id);
    if (deletion === undefined) throw noSuchEntity(`The deletion task with id ${id} cannot be found.`);
    return { Status: 'SUCCEEDED' };
  },
});
