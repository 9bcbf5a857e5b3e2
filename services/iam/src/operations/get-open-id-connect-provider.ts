/** Shows an OIDC provider: its issuer without the scheme, its audiences and thumbprints. */

import { issuerName } from '@stormglass/identity';
import { operation } from '@stormglass/service-kit';
import type { IamClient, IamDeps } from '../deps.ts';
import { findOidcProvider } from '../entities.ts';
import { onOidcProvider } from '../resource-permissions.ts';
import { dateOf, shownTags } from '../shapes.ts';

export const getOpenIdConnectProvider = operation<IamClient, 'GetOpenIDConnectProvider', IamDeps>({
  name: 'GetOpenIDConnectProvider',
  state: 'strong-read',
  permission: onOidcProvider(),
  handle({ OpenIDConnectProviderArn: arn }, call, deps) {
    const provider = findOidcProvider(deps, call, arn);
    return {
      Url: issuerName(provider.issuer),
      ClientIDList: [...provider.clientIds],
      ThumbprintList: [...provider.thumbprints],
      CreateDate: dateOf(provider.createdAt),
      Tags: shownTags(provider.tags),
    };
  },
});
