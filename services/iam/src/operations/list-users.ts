/** Lists the users of the account, in the order of their names. */
import { operation } from '@stormglass/service-kit';
import type { IamClient, IamDeps } from '../deps.ts';
import { pageMarks, pageRequest } from '../paging.ts';
import { onPath } from '../permissions.ts';
import { listedUser } from '../shapes.ts';

export const listUsers = operation<IamClient, 'ListUsers', IamDeps>({
  name: 'ListUsers',
  state: 'strong-read',
  permission: onPath('user'),
  handle(input, call, deps) {
    const { view } = deps.replica;
    const request = { ...pageRequest('iam:ListUsers', input), pathPrefix: input.PathPrefix };
    const page = view.listUsers(call.accountId, request);
    return { Users: page.items.map(listedUser), ...pageMarks('iam:ListUsers', page) };
  },
});
