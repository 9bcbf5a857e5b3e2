/** Adds tags to a hosted zone or health check, replaces their values, and removes tags. */
import { operation } from '@stormglass/service-kit';
import { execute, type Route53Client, type Route53Deps } from '../deps.ts';
import { invalidInput } from '../errors.ts';
import { plainId } from '../ids.ts';
import { onTagged } from '../permissions.ts';

export const changeTagsForResource = operation<Route53Client, 'ChangeTagsForResource', Route53Deps>({
  name: 'ChangeTagsForResource',
  state: 'write',
  permission: onTagged,
  async handle(input, call, deps) {
    const { ResourceType: kind, ResourceId, AddTags = [], RemoveTagKeys: remove = [] } = input;
    if (AddTags.length + remove.length === 0) throw invalidInput('AddTags or RemoveTagKeys must be specified.');
    await execute(deps, call, {
      type: 'ChangeTags',
      accountId: call.accountId,
      resource: { kind: kind!, id: plainId(ResourceId!) },
      add: AddTags.map(({ Key = '', Value = '' }) => ({ key: Key, value: Value })),
      remove,
    });
    return {};
  },
});
