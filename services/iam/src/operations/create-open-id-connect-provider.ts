/** Makes an account trust an issuer of web identity tokens. */

import { defined } from '@stormglass/base';
import { operation } from '@stormglass/service-kit';
import { execute, type IamClient, type IamDeps } from '../deps.ts';
import { onNewOidcProvider } from '../resource-permissions.ts';
import { givenTags, shownTags } from '../shapes.ts';

export const createOpenIdConnectProvider = operation<IamClient, 'CreateOpenIDConnectProvider', IamDeps>({
  name: 'CreateOpenIDConnectProvider',
  state: 'write',
  permission: onNewOidcProvider,
  gaps: [
    'The issuer is not asked for its certificate: without `ThumbprintList`, the list stays empty.',
    'The URL may name a port, and may be `http` when its host is this machine: issuers of tests live there.',
  ],
  async handle(input, call, deps) {
    const tags = givenTags(input.Tags);
    const provider = await execute(deps, call, {
      type: 'CreateOidcProvider',
      accountId: call.accountId,
      url: input.Url,
      clientIds: input.ClientIDList ?? [],
      thumbprints: input.ThumbprintList ?? [],
      ...defined({ tags }),
    });
    return { OpenIDConnectProviderArn: provider.arn, ...defined({ Tags: tags && shownTags(provider.tags) }) };
  },
});
