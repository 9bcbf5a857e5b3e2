/** Removes tags from an instance profile; tags it does not have are no error. */
import { operation } from '@stormglass/service-kit';
import { execute, type IamClient, type IamDeps } from '../deps.ts';
import { untagged } from '../permissions.ts';
import { onInstanceProfile } from '../resource-permissions.ts';

export const untagInstanceProfile = operation<IamClient, 'UntagInstanceProfile', IamDeps>({
  name: 'UntagInstanceProfile',
  state: 'write',
  permission: onInstanceProfile(untagged),
  async handle({ InstanceProfileName: name, TagKeys: tagKeys }, call, deps) {
    const resource = { kind: 'instance-profile', name } as const;
    await execute(deps, call, { type: 'UntagResource', accountId: call.accountId, resource, tagKeys });
    return {};
  },
});
