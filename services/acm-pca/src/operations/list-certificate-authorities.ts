/** Lists the authorities of an account: it has one, that of the region. */
import { operation } from '@stormglass/service-kit';
import { describeAuthority } from '../authority-description.ts';
import type { AcmPcaClient, AcmPcaDeps } from '../deps.ts';
import { invalidNextToken } from '../errors.ts';

export const listCertificateAuthorities = operation<AcmPcaClient, 'ListCertificateAuthorities', AcmPcaDeps>({
  name: 'ListCertificateAuthorities',
  state: 'local-read',
  permission: { resource: () => '*' },
  async handle({ NextToken, ResourceOwner }, call, deps) {
    // One page holds everything there is.
    if (NextToken !== undefined) throw invalidNextToken();
    return { CertificateAuthorities: ResourceOwner === 'OTHER_ACCOUNTS' ? [] : [await describeAuthority(call, deps)] };
  },
});
