/** Tags of users and roles, and of what is no principal: policies, instance profiles, OIDC providers. */
import type { Tag } from '../principal.ts';
import { ownPolicy } from './apply-managed-policies.ts';
import { existingOidcProvider } from './apply-oidc-providers.ts';
import type { ResourceRef, TagEntity, TagResource, UntagEntity, UntagResource } from './commands.ts';
import { checkedTags, existingEntity, existingInstanceProfile } from './entities.ts';
import { DONE, type IamResult } from './result.ts';
import type { IamTables } from './tables.ts';

export const applyTags = {
  TagEntity: tagEntity,
  UntagEntity: untagEntity,
  TagResource: tagResource,
  UntagResource: untagResource,
};

function tagEntity(tables: IamTables, command: TagEntity): IamResult<'TagEntity'> {
  const entity = existingEntity(tables, command.accountId, command.entity);
  tables.putEntity({ ...entity, tags: checkedTags(entity.tags, command.tags) });
  return DONE;
}

function untagEntity(tables: IamTables, command: UntagEntity): IamResult<'UntagEntity'> {
  const entity = existingEntity(tables, command.accountId, command.entity);
  tables.putEntity({ ...entity, tags: without(entity.tags, command.tagKeys) });
  return DONE;
}

function tagResource(tables: IamTables, command: TagResource): IamResult<'TagResource'> {
  changeTags(tables, command.accountId, command.resource, tags => checkedTags(tags, command.tags));
  return DONE;
}

function untagResource(tables: IamTables, command: UntagResource): IamResult<'UntagResource'> {
  changeTags(tables, command.accountId, command.resource, tags => without(tags, command.tagKeys));
  return DONE;
}

function changeTags(
  tables: IamTables,
  accountId: string,
  resource: ResourceRef,
  change: (tags: readonly Tag[]) => readonly Tag[],
): void {
  switch (resource.kind) {
    case 'policy': {
      const policy = ownPolicy(tables, { accountId, policyArn: resource.arn });
      return tables.putPolicy({ ...policy, tags: change(policy.tags) });
    }
    case 'oidc-provider': {
      const provider = existingOidcProvider(tables, { accountId, providerArn: resource.arn });
      return tables.putOidcProvider({ ...provider, tags: change(provider.tags) });
    }
    case 'instance-profile': {
      const profile = existingInstanceProfile(tables, accountId, resource.name);
      return tables.putInstanceProfile({ ...profile, tags: change(profile.tags) });
    }
  }
}

function without(tags: readonly Tag[], keys: readonly string[]): readonly Tag[] {
  const removed = new Set(keys.map(key => key.toLowerCase()));
  return tags.filter(tag => !removed.has(tag.key.toLowerCase()));
}
