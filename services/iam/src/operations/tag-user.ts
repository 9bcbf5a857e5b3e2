/** Adds tags to a user, or changes their values. */
import { operation } from '@stormglass/service-kit';
import { execute, type IamClient, type IamDeps } from '../deps.ts';
import { onUser, tagged } from '../permissions.ts';
import { givenTags } from '../shapes.ts';

export const tagUser = operation<IamClient, 'TagUser', IamDeps>({
  name: 'TagUser',
  state: 'write',
  permission: onUser(tagged),
  async handle({ UserName: name, Tags }, call, deps) {
    const entity = { kind: 'user', name } as const;
    const tags = givenTags(Tags) ?? [];
    await execute(deps, call, { type: 'TagEntity', accountId: call.accountId, entity, tags });
    return {};
  },
});
