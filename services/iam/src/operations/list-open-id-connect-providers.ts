/** Lists the ARNs of the OIDC providers of the account. */
import { operation } from '@stormglass/service-kit';
import type { IamClient, IamDeps } from '../deps.ts';
import { onAllProviders } from '../resource-permissions.ts';

export const listOpenIdConnectProviders = operation<IamClient, 'ListOpenIDConnectProviders', IamDeps>({
  name: 'ListOpenIDConnectProviders',
  state: 'strong-read',
  permission: onAllProviders('oidc-provider'),
  handle(_input, call, deps) {
    const providers = deps.replica.view.oidcProviders(call.accountId);
    return { OpenIDConnectProviderList: providers.map(({ arn }) => ({ Arn: arn })) };
  },
});
