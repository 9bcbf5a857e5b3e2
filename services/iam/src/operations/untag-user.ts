/** Removes tags from a user; tags it does not have are no error. */
import { operation } from '@stormglass/service-kit';
import { execute, type IamClient, type IamDeps } from '../deps.ts';
import { onUser, untagged } from '../permissions.ts';

export const untagUser = operation<IamClient, 'UntagUser', IamDeps>({
  name: 'UntagUser',
  state: 'write',
  permission: onUser(untagged),
  async handle({ UserName: name, TagKeys: tagKeys }, call, deps) {
    const entity = { kind: 'user', name } as const;
    await execute(deps, call, { type: 'UntagEntity', accountId: call.accountId, entity, tagKeys });
    return {};
  },
});
