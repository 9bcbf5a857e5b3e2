/** Lists the SSH keys of a user, who has none. */
import { operation } from '@stormglass/service-kit';
import type { IamClient, IamDeps } from '../deps.ts';
import { refuseMissingUser } from '../entities.ts';
import { onUser } from '../permissions.ts';

export const listSshPublicKeys = operation<IamClient, 'ListSSHPublicKeys', IamDeps>({
  name: 'ListSSHPublicKeys',
  state: 'strong-read',
  permission: onUser(),
  gaps: ['There are no SSH keys.'],
  handle(input, call, deps) {
    refuseMissingUser(input, call, deps);
    return { SSHPublicKeys: [], IsTruncated: false };
  },
});
