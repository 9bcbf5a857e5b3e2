/**
 * When the lifecycle of something ends: pure arithmetic on rules and times. A time is the moment something happened plus
 * the days of the rule, up to the next midnight UTC (AWS S3 User Guide, "Expiring objects"); a day may be shorter here.
 */
import type { Tag } from '@stormglass/object-index';
import type { LifecycleFilter, LifecycleRule } from './rules.ts';

/** What rules look at. */
export interface LifecycleSubject {
  readonly key: string;
  readonly size: number;
  /** When it was made, in ms since the epoch. */
  readonly lastModified: number;
  readonly tags: readonly Tag[];
}

export interface Due {
  /** In ms since the epoch. */
  readonly at: number;
  readonly ruleId: string;
}

/** The next midnight at least `days` after `time`. */
export const daysAfter = (time: number, days: number, dayMs: number): number =>
  Math.ceil((time + days * dayMs) / dayMs) * dayMs;

/** When a current version with content ends; of several rules the one that ends it first. */
export const currentDue = (
  rules: readonly LifecycleRule[],
  subject: LifecycleSubject,
  dayMs: number,
): Due | undefined =>
  earliest(rules, rule =>
    matches(rule.filter, subject) ? expirationAt(rule, subject.lastModified, dayMs) : undefined,
  );

/**
 * When a delete marker goes that is the only version of its key: at once by a rule for such markers, or as old as objects
 * get. It has neither tags nor size, so that rules that ask for these do not mean it.
 */
export const loneMarkerDue = (
  rules: readonly LifecycleRule[],
  { key, lastModified }: Pick<LifecycleSubject, 'key' | 'lastModified'>,
  dayMs: number,
): Due | undefined =>
  earliest(rules, rule => {
    if (!isForAnySizeAndTags(rule.filter) || !key.startsWith(rule.filter.prefix)) return undefined;
    return rule.removesLoneMarkers ? lastModified : expirationAt(rule, lastModified, dayMs);
  });

/**
 * When a version ends that is not current any more.
 * @param since when its successor was made, in ms since the epoch
 * @param newer how many versions of its key that are not current either are newer
 */
export const noncurrentDue = (
  rules: readonly LifecycleRule[],
  subject: LifecycleSubject,
  { since, newer }: { readonly since: number; readonly newer: number },
  dayMs: number,
): Due | undefined =>
  earliest(rules, ({ noncurrent, filter }) => {
    if (noncurrent === undefined || newer < noncurrent.newerKept || !matches(filter, subject)) return undefined;
    return daysAfter(since, noncurrent.days, dayMs);
  });

/** When an upload that was never completed is aborted. */
export const uploadDue = (
  rules: readonly LifecycleRule[],
  { key, initiated }: { readonly key: string; readonly initiated: number },
  dayMs: number,
): Due | undefined =>
  earliest(rules, ({ abortDays, filter }) =>
    abortDays === undefined || !key.startsWith(filter.prefix) ? undefined : daysAfter(initiated, abortDays, dayMs),
  );

/** The header `x-amz-expiration` (AWS S3 API Reference, GetObject): the rule's id is URL-encoded. */
export const expirationHeader = ({ at, ruleId }: Due): string =>
  `expiry-date="${new Date(at).toUTCString()}", rule-id="${encodeURIComponent(ruleId)}"`;

function expirationAt({ expiration }: LifecycleRule, madeAt: number, dayMs: number): number | undefined {
  if (expiration === undefined) return undefined;
  return 'at' in expiration ? expiration.at : daysAfter(madeAt, expiration.days, dayMs);
}

function matches(filter: LifecycleFilter, { key, size, tags }: LifecycleSubject): boolean {
  return (
    key.startsWith(filter.prefix) &&
    size > filter.largerThan &&
    size < filter.smallerThan &&
    filter.tags.every(wanted => tags.some(({ key, value }) => key === wanted.key && value === wanted.value))
  );
}

const isForAnySizeAndTags = ({ tags, largerThan, smallerThan }: LifecycleFilter): boolean =>
  tags.length === 0 && largerThan < 0 && smallerThan === Number.POSITIVE_INFINITY;

function earliest(
  rules: readonly LifecycleRule[],
  dueOf: (rule: LifecycleRule) => number | undefined,
): Due | undefined {
  let first: Due | undefined;
  for (const rule of rules) {
    const at = dueOf(rule);
    if (at !== undefined && (first === undefined || at < first.at)) first = { at, ruleId: rule.id };
  }
  return first;
}
