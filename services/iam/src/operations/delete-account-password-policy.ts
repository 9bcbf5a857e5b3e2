/** Says that the account has no password policy to delete. */
import { operation } from '@stormglass/service-kit';
import type { IamClient, IamDeps } from '../deps.ts';
import { noSuchEntity } from '../errors.ts';

export const deleteAccountPasswordPolicy = operation<IamClient, 'DeleteAccountPasswordPolicy', IamDeps>({
  name: 'DeleteAccountPasswordPolicy',
  state: 'local-read',
  permission: { resource: () => '*' },
  gaps: ['Nobody logs in with a password: there are no password policies.'],
  handle() {
    throw noSuchEntity('The account policy with name PasswordPolicy cannot be found.');
  },
});
