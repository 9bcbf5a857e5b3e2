/** Removes tags from a managed policy; tags it does not have are no error. */
import { operation } from '@stormglass/service-kit';
import { execute, type IamClient, type IamDeps } from '../deps.ts';
import { onPolicy, untagged } from '../permissions.ts';

export const untagPolicy = operation<IamClient, 'UntagPolicy', IamDeps>({
  name: 'UntagPolicy',
  state: 'write',
  permission: onPolicy(untagged),
  async handle({ PolicyArn: arn, TagKeys: tagKeys }, call, deps) {
    const resource = { kind: 'policy', arn } as const;
    await execute(deps, call, { type: 'UntagResource', accountId: call.accountId, resource, tagKeys });
    return {};
  },
});
