/** Lists the instance profiles of the account, in the order of their names. */
import { operation } from '@stormglass/service-kit';
import type { IamClient, IamDeps } from '../deps.ts';
import { roleOf } from '../entities.ts';
import { pageMarks, pageRequest } from '../paging.ts';
import { onPath } from '../permissions.ts';
import { listedInstanceProfile } from '../shapes.ts';

export const listInstanceProfiles = operation<IamClient, 'ListInstanceProfiles', IamDeps>({
  name: 'ListInstanceProfiles',
  state: 'strong-read',
  permission: onPath('instance-profile'),
  handle(input, call, deps) {
    const request = { ...pageRequest('iam:ListInstanceProfiles', input), pathPrefix: input.PathPrefix };
    const page = deps.replica.view.listInstanceProfiles(call.accountId, request);
    return {
      InstanceProfiles: page.items.map(profile => listedInstanceProfile(profile, roleOf(deps, profile))),
      ...pageMarks('iam:ListInstanceProfiles', page),
    };
  },
});
