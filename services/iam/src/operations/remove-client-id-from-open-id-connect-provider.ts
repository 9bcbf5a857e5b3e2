/** Removes an audience from an OIDC provider; one that is not there is no error. */
import { operation } from '@stormglass/service-kit';
import { execute, type IamClient, type IamDeps } from '../deps.ts';
import { onOidcProvider } from '../resource-permissions.ts';

export const removeClientIdFromOpenIdConnectProvider = operation<
  IamClient,
  'RemoveClientIDFromOpenIDConnectProvider',
  IamDeps
>({
  name: 'RemoveClientIDFromOpenIDConnectProvider',
  state: 'write',
  permission: onOidcProvider(),
  async handle({ OpenIDConnectProviderArn: providerArn, ClientID: clientId }, call, deps) {
    await execute(deps, call, { type: 'RemoveOidcClientId', accountId: call.accountId, providerArn, clientId });
    return {};
  },
});
