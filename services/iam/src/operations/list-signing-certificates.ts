/** Lists the signing certificates of a user, who has none. */
import { operation } from '@stormglass/service-kit';
import type { IamClient, IamDeps } from '../deps.ts';
import { refuseMissingUser } from '../entities.ts';
import { onUser } from '../permissions.ts';

export const listSigningCertificates = operation<IamClient, 'ListSigningCertificates', IamDeps>({
  name: 'ListSigningCertificates',
  state: 'strong-read',
  permission: onUser(),
  gaps: ['There are no signing certificates.'],
  handle(input, call, deps) {
    refuseMissingUser(input, call, deps);
    return { Certificates: [], IsTruncated: false };
  },
});
