/** Lists the names of the inline policies of a group. */
import { operation } from '@stormglass/service-kit';
import type { IamClient, IamDeps } from '../deps.ts';
import { findGroup } from '../entities.ts';
import { pageMarks, pageOf, pageRequest } from '../paging.ts';
import { onGroup } from '../resource-permissions.ts';

export const listGroupPolicies = operation<IamClient, 'ListGroupPolicies', IamDeps>({
  name: 'ListGroupPolicies',
  state: 'strong-read',
  permission: onGroup(),
  handle(input, call, deps) {
    const names = findGroup(deps, call, input.GroupName).inlinePolicies.map(policy => policy.name);
    const page = pageOf(names, name => name, pageRequest('iam:ListGroupPolicies', input));
    return { PolicyNames: [...page.items], ...pageMarks('iam:ListGroupPolicies', page) };
  },
});
