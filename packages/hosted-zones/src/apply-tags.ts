/** Tags of hosted zones and health checks. */
import type { ChangeTags } from './commands.ts';
import { existingCheck, existingZone } from './find.ts';
import { QUOTAS } from './quotas.ts';
import type { Tag } from './records.ts';
import { accepted, type Route53Result, refuse } from './result.ts';
import type { Route53Tables } from './tables.ts';

export const applyTags = { ChangeTags: changeTags };

function changeTags(tables: Route53Tables, command: ChangeTags): Route53Result<'ChangeTags'> {
  const { accountId, resource } = command;
  if (resource.kind === 'hostedzone') {
    const zone = existingZone(tables, accountId, resource.id);
    tables.putZone({ ...zone, tags: changed(zone.tags, command) });
  } else {
    const check = existingCheck(tables, accountId, resource.id);
    tables.putHealthCheck({ ...check, tags: changed(check.tags, command) });
  }
  return accepted(null);
}

function changed(before: readonly Tag[], { add, remove }: ChangeTags): readonly Tag[] {
  for (const { key } of add) {
    if (key === '') refuse('InvalidInput', 'Tag keys must not be empty.');
    if (/^aws:/i.test(key)) refuse('InvalidInput', 'Tag keys starting with aws: are reserved for system use.');
  }
  const tags = new Map(before.map(tag => [tag.key, tag]));
  for (const key of remove) tags.delete(key);
  for (const tag of add) tags.set(tag.key, tag);
  if (tags.size > QUOTAS.TagsPerResource)
    refuse('InvalidInput', `A resource cannot have more than ${QUOTAS.TagsPerResource} tags.`);
  return [...tags.values()];
}
