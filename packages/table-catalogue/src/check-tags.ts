/** Tags, as they become. */
import { QUOTAS } from './quotas.ts';
import type { Tag } from './records.ts';
import { refuse } from './result.ts';

const malformed = (message: string): never => refuse('ValidationException', message);

/** @throws Refused */
export function checkedTags(before: readonly Tag[], add: readonly Tag[], remove: readonly string[]): readonly Tag[] {
  const given = new Set<string>();
  for (const { key } of add) {
    if (/^aws:/i.test(key)) malformed(`Tag Key cannot be prefixed with aws:, Key: ${key}`);
    if (given.has(key)) malformed(`Duplicate Tag Keys provided as input: Duplicate Tag Key found ${key}`);
    given.add(key);
  }
  const tags = new Map(before.map(tag => [tag.key, tag]));
  for (const key of remove) tags.delete(key);
  for (const tag of add) tags.set(tag.key, tag);
  if (tags.size > QUOTAS.TagsPerTable)
    malformed('Number of Tags exceed the current limit for the provided ResourceArn');
  return [...tags.values()];
}
