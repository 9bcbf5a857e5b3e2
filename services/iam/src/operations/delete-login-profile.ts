/** Takes the password away from a user, which nobody has. */
import { operation } from '@stormglass/service-kit';
import type { IamClient, IamDeps } from '../deps.ts';
import { findUser, userNameOf } from '../entities.ts';
import { noLoginProfile } from '../errors.ts';
import { onUser } from '../permissions.ts';

export const deleteLoginProfile = operation<IamClient, 'DeleteLoginProfile', IamDeps>({
  name: 'DeleteLoginProfile',
  state: 'strong-read',
  permission: onUser(),
  gaps: ['Nobody logs in with a password.'],
  handle(input, call, deps) {
    const { name } = findUser(deps, call, userNameOf(input, call));
    throw noLoginProfile(name);
  },
});
