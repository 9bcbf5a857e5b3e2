/** Removes tags from an OIDC provider; tags it does not have are no error. */
import { operation } from '@stormglass/service-kit';
import { execute, type IamClient, type IamDeps } from '../deps.ts';
import { untagged } from '../permissions.ts';
import { onOidcProvider } from '../resource-permissions.ts';

export const untagOpenIdConnectProvider = operation<IamClient, 'UntagOpenIDConnectProvider', IamDeps>({
  name: 'UntagOpenIDConnectProvider',
  state: 'write',
  permission: onOidcProvider(untagged),
  async handle({ OpenIDConnectProviderArn: arn, TagKeys: tagKeys }, call, deps) {
    const resource = { kind: 'oidc-provider', arn } as const;
    await execute(deps, call, { type: 'UntagResource', accountId: call.accountId, resource, tagKeys });
    return {};
  },
});
