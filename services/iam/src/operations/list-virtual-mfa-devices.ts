/** Lists the virtual MFA devices of the account, of which there are none. */
import { operation } from '@stormglass/service-kit';
import type { IamClient, IamDeps } from '../deps.ts';

export const listVirtualMfaDevices = operation<IamClient, 'ListVirtualMFADevices', IamDeps>({
  name: 'ListVirtualMFADevices',
  state: 'local-read',
  permission: { resource: () => '*' },
  gaps: ['There are no virtual MFA devices.'],
  handle() {
    return { VirtualMFADevices: [], IsTruncated: false };
  },
});
