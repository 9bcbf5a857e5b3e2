/** Lists the managed policies attached to a group. */
import { operation } from '@stormglass/service-kit';
import { attachedPolicies } from '../attached-policies.ts';
import type { IamClient, IamDeps } from '../deps.ts';
import { findGroup } from '../entities.ts';
import { pageMarks, pageRequest } from '../paging.ts';
import { onGroup } from '../resource-permissions.ts';

export const listAttachedGroupPolicies = operation<IamClient, 'ListAttachedGroupPolicies', IamDeps>({
  name: 'ListAttachedGroupPolicies',
  state: 'strong-read',
  permission: onGroup(),
  handle(input, call, deps) {
    const group = findGroup(deps, call, input.GroupName);
    const page = attachedPolicies(group, input.PathPrefix, pageRequest('iam:ListAttachedGroupPolicies', input));
    return { AttachedPolicies: [...page.items], ...pageMarks('iam:ListAttachedGroupPolicies', page) };
  },
});
