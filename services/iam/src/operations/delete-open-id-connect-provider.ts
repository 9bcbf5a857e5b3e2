/** Deletes an OIDC provider. Roles that trust it stay, and nobody can assume them through it any more. */
import { operation } from '@stormglass/service-kit';
import { execute, type IamClient, type IamDeps } from '../deps.ts';
import { onOidcProvider } from '../resource-permissions.ts';

export const deleteOpenIdConnectProvider = operation<IamClient, 'DeleteOpenIDConnectProvider', IamDeps>({
  name: 'DeleteOpenIDConnectProvider',
  state: 'write',
  permission: onOidcProvider(),
  async handle({ OpenIDConnectProviderArn: providerArn }, call, deps) {
    await execute(deps, call, { type: 'DeleteOidcProvider', accountId: call.accountId, providerArn });
    return {};
  },
});
