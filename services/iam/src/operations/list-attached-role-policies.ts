/** Lists the managed policies attached to a role. */
import { operation } from '@stormglass/service-kit';
import { attachedPolicies } from '../attached-policies.ts';
import type { IamClient, IamDeps } from '../deps.ts';
import { findRole } from '../entities.ts';
import { pageMarks, pageRequest } from '../paging.ts';
import { onRole } from '../permissions.ts';

export const listAttachedRolePolicies = operation<IamClient, 'ListAttachedRolePolicies', IamDeps>({
  name: 'ListAttachedRolePolicies',
  state: 'strong-read',
  permission: onRole(),
  handle(input, call, deps) {
    const role = findRole(deps, call, input.RoleName);
    const request = pageRequest('iam:ListAttachedRolePolicies', input);
    const page = attachedPolicies(role, input.PathPrefix, request);
    return { AttachedPolicies: [...page.items], ...pageMarks('iam:ListAttachedRolePolicies', page) };
  },
});
