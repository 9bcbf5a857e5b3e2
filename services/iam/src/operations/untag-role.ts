/** Removes tags from a role; tags it does not have are no error. */
import { operation } from '@stormglass/service-kit';
import { execute, type IamClient, type IamDeps } from '../deps.ts';
import { onRole, untagged } from '../permissions.ts';

export const untagRole = operation<IamClient, 'UntagRole', IamDeps>({
  name: 'UntagRole',
  state: 'write',
  permission: onRole(untagged),
  async handle({ RoleName: name, TagKeys: tagKeys }, call, deps) {
    const entity = { kind: 'role', name } as const;
    await execute(deps, call, { type: 'UntagEntity', accountId: call.accountId, entity, tagKeys });
    return {};
  },
});
