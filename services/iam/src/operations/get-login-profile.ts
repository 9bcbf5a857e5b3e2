/** Shows the password of a user, which nobody has. */
import { operation } from '@stormglass/service-kit';
import type { IamClient, IamDeps } from '../deps.ts';
import { findUser, userNameOf } from '../entities.ts';
import { noLoginProfile } from '../errors.ts';
import { onUser } from '../permissions.ts';

export const getLoginProfile = operation<IamClient, 'GetLoginProfile', IamDeps>({
  name: 'GetLoginProfile',
  state: 'strong-read',
  permission: onUser(),
  gaps: ['Nobody logs in with a password.'],
  handle(input, call, deps) {
    const { name } = findUser(deps, call, userNameOf(input, call));
    throw noLoginProfile(name);
  },
});
