/** Lists the tags of an OIDC provider. */
import { operation } from '@stormglass/service-kit';
import type { IamClient, IamDeps } from '../deps.ts';
import { findOidcProvider } from '../entities.ts';
import { byPosition, pageMarks, pageOf, pageRequest } from '../paging.ts';
import { onOidcProvider } from '../resource-permissions.ts';
import { shownTags } from '../shapes.ts';

export const listOpenIdConnectProviderTags = operation<IamClient, 'ListOpenIDConnectProviderTags', IamDeps>({
  name: 'ListOpenIDConnectProviderTags',
  state: 'strong-read',
  permission: onOidcProvider(),
  handle(input, call, deps) {
    const { tags } = findOidcProvider(deps, call, input.OpenIDConnectProviderArn);
    const page = pageOf(tags, byPosition, pageRequest('iam:ListOpenIDConnectProviderTags', input));
    return { Tags: shownTags(page.items), ...pageMarks('iam:ListOpenIDConnectProviderTags', page) };
  },
});
