/** Puts another list of thumbprints in place of the one an OIDC provider has. */
import { operation } from '@stormglass/service-kit';
import { execute, type IamClient, type IamDeps } from '../deps.ts';
import { onOidcProvider } from '../resource-permissions.ts';

export const updateOpenIdConnectProviderThumbprint = operation<
  IamClient,
  'UpdateOpenIDConnectProviderThumbprint',
  IamDeps
>({
  name: 'UpdateOpenIDConnectProviderThumbprint',
  state: 'write',
  permission: onOidcProvider(),
  async handle({ OpenIDConnectProviderArn: providerArn, ThumbprintList: thumbprints }, call, deps) {
    await execute(deps, call, { type: 'UpdateOidcThumbprints', accountId: call.accountId, providerArn, thumbprints });
    return {};
  },
});
