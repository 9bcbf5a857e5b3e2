/** Lists the names of the inline policies of a role. */
import { operation } from '@stormglass/service-kit';
import type { IamClient, IamDeps } from '../deps.ts';
import { findRole } from '../entities.ts';
import { pageMarks, pageOf, pageRequest } from '../paging.ts';
import { onRole } from '../permissions.ts';

export const listRolePolicies = operation<IamClient, 'ListRolePolicies', IamDeps>({
  name: 'ListRolePolicies',
  state: 'strong-read',
  permission: onRole(),
  handle(input, call, deps) {
    const names = findRole(deps, call, input.RoleName).inlinePolicies.map(policy => policy.name);
    const page = pageOf(names, name => name, pageRequest('iam:ListRolePolicies', input));
    return { PolicyNames: [...page.items], ...pageMarks('iam:ListRolePolicies', page) };
  },
});
