/** Adds tags to a role, or changes their values. */
import { operation } from '@stormglass/service-kit';
import { execute, type IamClient, type IamDeps } from '../deps.ts';
import { onRole, tagged } from '../permissions.ts';
import { givenTags } from '../shapes.ts';

export const tagRole = operation<IamClient, 'TagRole', IamDeps>({
  name: 'TagRole',
  state: 'write',
  permission: onRole(tagged),
  async handle({ RoleName: name, Tags }, call, deps) {
    const entity = { kind: 'role', name } as const;
    const tags = givenTags(Tags) ?? [];
    await execute(deps, call, { type: 'TagEntity', accountId: call.accountId, entity, tags });
    return {};
  },
});
