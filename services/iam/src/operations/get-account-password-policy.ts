/** Says that the account has no password policy. */
import { operation } from '@stormglass/service-kit';
import type { IamClient, IamDeps } from '../deps.ts';
import { noSuchEntity } from '../errors.ts';

export const getAccountPasswordPolicy = operation<IamClient, 'GetAccountPasswordPolicy', IamDeps>({
  name: 'GetAccountPasswordPolicy',
  state: 'local-read',
  permission: { resource: () => '*' },
  gaps: ['Nobody logs in with a password: there are no login profiles and no password policies.'],
  handle(_input, { accountId }) {
    throw noSuchEntity(`The Password Policy with domain name ${accountId} cannot be found.`);
  },
});
