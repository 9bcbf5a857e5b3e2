/** Adds an audience to an OIDC provider; one that is there already is no error. */
import { operation } from '@stormglass/service-kit';
import { execute, type IamClient, type IamDeps } from '../deps.ts';
import { onOidcProvider } from '../resource-permissions.ts';

export const addClientIdToOpenIdConnectProvider = operation<IamClient, 'AddClientIDToOpenIDConnectProvider', IamDeps>({
  name: 'AddClientIDToOpenIDConnectProvider',
  state: 'write',
  permission: onOidcProvider(),
  async handle({ OpenIDConnectProviderArn: providerArn, ClientID: clientId }, call, deps) {
    await execute(deps, call, { type: 'AddOidcClientId', accountId: call.accountId, providerArn, clientId });
    return {};
  },
});
