/** What answers say of the end of an object: the header `x-amz-expiration`, and those of an upload that will be aborted. */
import type { Bucket, ObjectVersion, Upload } from '@stormglass/object-index';
import { currentDue, expirationHeader, uploadDue } from './due.ts';
import { lifecycleRules } from './rules.ts';

/** Only of current versions, and only where a rule will end them. */
export function shownExpiration(
  { config }: Pick<Bucket, 'config'>,
  version: Pick<ObjectVersion, 'key' | 'size' | 'tags' | 'lastModified' | 'isLatest'>,
  dayMs: number,
): { readonly Expiration?: string } {
  if (config.lifecycle === undefined || !version.isLatest) return {};
  const due = currentDue(lifecycleRules(config.lifecycle), version, dayMs);
  return due === undefined ? {} : { Expiration: expirationHeader(due) };
}

export function shownAbort(
  { config }: Pick<Bucket, 'config'>,
  upload: Pick<Upload, 'key' | 'initiated'>,
  dayMs: number,
): { readonly AbortDate?: Date; readonly AbortRuleId?: string } {
  const due = config.lifecycle && uploadDue(lifecycleRules(config.lifecycle), upload, dayMs);
  return due ? { AbortDate: new Date(due.at), AbortRuleId: due.ruleId } : {};
}
