/** Lists the managed policies attached to a user. */
import { operation } from '@stormglass/service-kit';
import { attachedPolicies } from '../attached-policies.ts';
import type { IamClient, IamDeps } from '../deps.ts';
import { findUser } from '../entities.ts';
import { pageMarks, pageRequest } from '../paging.ts';
import { onUser } from '../permissions.ts';

export const listAttachedUserPolicies = operation<IamClient, 'ListAttachedUserPolicies', IamDeps>({
  name: 'ListAttachedUserPolicies',
  state: 'strong-read',
  permission: onUser(),
  handle(input, call, deps) {
    const user = findUser(deps, call, input.UserName);
    const request = pageRequest('iam:ListAttachedUserPolicies', input);
    const page = attachedPolicies(user, input.PathPrefix, request);
    return { AttachedPolicies: [...page.items], ...pageMarks('iam:ListAttachedUserPolicies', page) };
  },
});
