/** Adds tags to an OIDC provider, or changes their values. */
import { operation } from '@stormglass/service-kit';
import { execute, type IamClient, type IamDeps } from '../deps.ts';
import { tagged } from '../permissions.ts';
import { onOidcProvider } from '../resource-permissions.ts';
import { givenTags } from '../shapes.ts';

export const tagOpenIdConnectProvider = operation<IamClient, 'TagOpenIDConnectProvider', IamDeps>({
  name: 'TagOpenIDConnectProvider',
  state: 'write',
  permission: onOidcProvider(tagged),
  async handle({ OpenIDConnectProviderArn: arn, Tags }, call, deps) {
    const resource = { kind: 'oidc-provider', arn } as const;
    const tags = givenTags(Tags) ?? [];
    await execute(deps, call, { type: 'TagResource', accountId: call.accountId, resource, tags });
    return {};
  },
});
