/** Lists the instance profiles that have a role. */
import { operation } from '@stormglass/service-kit';
import type { IamClient, IamDeps } from '../deps.ts';
import { findRole, roleOf } from '../entities.ts';
import { pageMarks, pageRequest } from '../paging.ts';
import { onRole } from '../permissions.ts';
import { listedInstanceProfile } from '../shapes.ts';

export const listInstanceProfilesForRole = operation<IamClient, 'ListInstanceProfilesForRole', IamDeps>({
  name: 'ListInstanceProfilesForRole',
  state: 'strong-read',
  permission: onRole(),
  handle(input, call, deps) {
    const role = findRole(deps, call, input.RoleName);
    const request = pageRequest('iam:ListInstanceProfilesForRole', input);
    const page = deps.replica.view.listInstanceProfilesWith(role, request);
    return {
      InstanceProfiles: page.items.map(profile => listedInstanceProfile(profile, roleOf(deps, profile))),
      ...pageMarks('iam:ListInstanceProfilesForRole', page),
    };
  },
});
