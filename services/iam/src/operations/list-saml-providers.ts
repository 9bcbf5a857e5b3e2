/** Lists SAML providers, of which there are none. */
import { operation } from '@stormglass/service-kit';
import type { IamClient, IamDeps } from '../deps.ts';
import { onAllProviders } from '../resource-permissions.ts';

export const listSamlProviders = operation<IamClient, 'ListSAMLProviders', IamDeps>({
  name: 'ListSAMLProviders',
  state: 'local-read',
  permission: onAllProviders('saml-provider'),
  gaps: ['SAML is not supported: there are no SAML providers, and none can be made.'],
  handle() {
    return { SAMLProviderList: [] };
  },
});
