/** Lists the MFA devices of a user, who has none. */
import { operation } from '@stormglass/service-kit';
import type { IamClient, IamDeps } from '../deps.ts';
import { refuseMissingUser } from '../entities.ts';
import { onUser } from '../permissions.ts';

export const listMfaDevices = operation<IamClient, 'ListMFADevices', IamDeps>({
  name: 'ListMFADevices',
  state: 'strong-read',
  permission: onUser(),
  gaps: ['There are no MFA devices.'],
  handle(input, call, deps) {
    refuseMissingUser(input, call, deps);
    return { MFADevices: [], IsTruncated: false };
  },
});
