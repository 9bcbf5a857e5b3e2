/** Lists the credentials for single services of a user, who has none. */
import { operation } from '@stormglass/service-kit';
import type { IamClient, IamDeps } from '../deps.ts';
import { refuseMissingUser } from '../entities.ts';
import { onUser } from '../permissions.ts';

export const listServiceSpecificCredentials = operation<IamClient, 'ListServiceSpecificCredentials', IamDeps>({
  name: 'ListServiceSpecificCredentials',
  state: 'strong-read',
  permission: onUser(),
  gaps: ['There are no credentials for single services.'],
  handle(input, call, deps) {
    refuseMissingUser(input, call, deps);
    return { ServiceSpecificCredentials: [], IsTruncated: false };
  },
});
