/** Tags of users and roles. */
import type { TagEntity, UntagEntity } from './commands.ts';
import { checkedTags, existingEntity } from './entities.ts';
import { DONE, type IamResult } from './result.ts';
import type { IamTables } from './tables.ts';

export const applyTags = { TagEntity: tagEntity, UntagEntity: untagEntity };

function tagEntity(tables: IamTables, command: TagEntity): IamResult<'TagEntity'> {
  const entity = existingEntity(tables, command.accountId, command.entity);
  tables.putEntity({ ...entity, tags: checkedTags(entity.tags, command.tags) });
  return DONE;
}

function untagEntity(tables: IamTables, command: UntagEntity): IamResult<'UntagEntity'> {
  const entity = existingEntity(tables, command.accountId, command.entity);
  const removed = new Set(command.tagKeys.map(key => key.toLowerCase()));
  tables.putEntity({ ...entity, tags: entity.tags.filter(tag => !removed.has(tag.key.toLowerCase())) });
  return DONE;
}
