/** Shows an instance profile and its role. */
import { operation } from '@stormglass/service-kit';
import type { IamClient, IamDeps } from '../deps.ts';
import { findInstanceProfile, roleOf } from '../entities.ts';
import { onInstanceProfile } from '../resource-permissions.ts';
import { shownInstanceProfile } from '../shapes.ts';

export const getInstanceProfile = operation<IamClient, 'GetInstanceProfile', IamDeps>({
  name: 'GetInstanceProfile',
  state: 'strong-read',
  permission: onInstanceProfile(),
  handle({ InstanceProfileName }, call, deps) {
    const profile = findInstanceProfile(deps, call, InstanceProfileName);
    return { InstanceProfile: shownInstanceProfile(profile, roleOf(deps, profile)) };
  },
});
