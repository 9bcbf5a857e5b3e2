/** Lists the server certificates of the account, of which there are none. */
import { operation } from '@stormglass/service-kit';
import type { IamClient, IamDeps } from '../deps.ts';
import { onAllServerCertificates } from '../resource-permissions.ts';

export const listServerCertificates = operation<IamClient, 'ListServerCertificates', IamDeps>({
  name: 'ListServerCertificates',
  state: 'local-read',
  permission: onAllServerCertificates,
  gaps: ['There are no server certificates.'],
  handle() {
    return { ServerCertificateMetadataList: [], IsTruncated: false };
  },
});
