/** Lists the groups of the account, in the order of their names. */
import { operation } from '@stormglass/service-kit';
import type { IamClient, IamDeps } from '../deps.ts';
import { pageMarks, pageRequest } from '../paging.ts';
import { onPath } from '../permissions.ts';
import { shownGroup } from '../shapes.ts';

export const listGroups = operation<IamClient, 'ListGroups', IamDeps>({
  name: 'ListGroups',
  state: 'strong-read',
  permission: onPath('group'),
  handle(input, call, deps) {
    const request = { ...pageRequest('iam:ListGroups', input), pathPrefix: input.PathPrefix };
    const page = deps.replica.view.listGroups(call.accountId, request);
    return { Groups: page.items.map(shownGroup), ...pageMarks('iam:ListGroups', page) };
  },
});
