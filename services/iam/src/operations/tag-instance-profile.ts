/** Adds tags to an instance profile, or changes their values. */
import { operation } from '@stormglass/service-kit';
import { execute, type IamClient, type IamDeps } from '../deps.ts';
import { tagged } from '../permissions.ts';
import { onInstanceProfile } from '../resource-permissions.ts';
import { givenTags } from '../shapes.ts';

export const tagInstanceProfile = operation<IamClient, 'TagInstanceProfile', IamDeps>({
  name: 'TagInstanceProfile',
  state: 'write',
  permission: onInstanceProfile(tagged),
  async handle({ InstanceProfileName: name, Tags }, call, deps) {
    const resource = { kind: 'instance-profile', name } as const;
    const tags = givenTags(Tags) ?? [];
    await execute(deps, call, { type: 'TagResource', accountId: call.accountId, resource, tags });
    return {};
  },
});
