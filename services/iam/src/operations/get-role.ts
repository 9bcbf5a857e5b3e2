/** Shows a role with its trust policy. */
import { operation } from '@stormglass/service-kit';
import type { IamClient, IamDeps } from '../deps.ts';
import { findRole } from '../entities.ts';
import { onRole } from '../permissions.ts';
import { shownRole } from '../shapes.ts';

export const getRole = operation<IamClient, 'GetRole', IamDeps>({
  name: 'GetRole',
  state: 'strong-read',
  permission: onRole(),
  gaps: ['The use of roles is not recorded: `RoleLastUsed` is always empty.'],
  handle({ RoleName }, call, deps) {
    const role = findRole(deps, call, RoleName);
    return { Role: { ...shownRole(role, deps.replica.view.trustPolicyText(role)), RoleLastUsed: {} } };
  },
});
