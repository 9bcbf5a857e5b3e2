/** Makes an instance profile, without a role yet. */

import { defined, iamId } from '@stormglass/base';
import { operation } from '@stormglass/service-kit';
import { execute, type IamClient, type IamDeps } from '../deps.ts';
import { onNew, tagged } from '../permissions.ts';
import { givenTags, shownInstanceProfile } from '../shapes.ts';

export const createInstanceProfile = operation<IamClient, 'CreateInstanceProfile', IamDeps>({
  name: 'CreateInstanceProfile',
  state: 'write',
  permission: onNew('instance-profile', tagged),
  async handle(input, call, deps) {
    const profile = await execute(deps, call, {
      type: 'CreateInstanceProfile',
      accountId: call.accountId,
      profileName: input.InstanceProfileName,
      profileId: iamId(deps.random, 'AIPA'),
      path: input.Path ?? '/',
      ...defined({ tags: givenTags(input.Tags) }),
    });
    return { InstanceProfile: shownInstanceProfile(profile, undefined) };
  },
});
