/** Lists the roles of the account, in the order of their names. */
import { operation } from '@stormglass/service-kit';
import type { IamClient, IamDeps } from '../deps.ts';
import { pageMarks, pageRequest } from '../paging.ts';
import { onPath } from '../permissions.ts';
import { listedRole } from '../shapes.ts';

export const listRoles = operation<IamClient, 'ListRoles', IamDeps>({
  name: 'ListRoles',
  state: 'strong-read',
  permission: onPath('role'),
  handle(input, call, deps) {
    const { view } = deps.replica;
    const request = { ...pageRequest('iam:ListRoles', input), pathPrefix: input.PathPrefix };
    const page = view.listRoles(call.accountId, request);
    return {
      Roles: page.items.map(role => listedRole(role, view.trustPolicyText(role))),
      ...pageMarks('iam:ListRoles', page),
    };
  },
});
