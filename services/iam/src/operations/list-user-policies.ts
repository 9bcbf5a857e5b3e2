/** Lists the names of the inline policies of a user. */
import { operation } from '@stormglass/service-kit';
import type { IamClient, IamDeps } from '../deps.ts';
import { findUser } from '../entities.ts';
import { pageMarks, pageOf, pageRequest } from '../paging.ts';
import { onUser } from '../permissions.ts';

export const listUserPolicies = operation<IamClient, 'ListUserPolicies', IamDeps>({
  name: 'ListUserPolicies',
  state: 'strong-read',
  permission: onUser(),
  handle(input, call, deps) {
    const names = findUser(deps, call, input.UserName).inlinePolicies.map(policy => policy.name);
    const page = pageOf(names, name => name, pageRequest('iam:ListUserPolicies', input));
    return { PolicyNames: [...page.items], ...pageMarks('iam:ListUserPolicies', page) };
  },
});
