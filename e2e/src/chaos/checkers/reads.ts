/** Whoever was told that something exists finds it from then on, in whatever zone: strong reads are never stale. */
import type { Operation } from '../history.ts';
import { type Checker, finding } from './checker.ts';

/** What a `find` that found nothing has for a value. */
export const MISSING = 'missing';

export const readsAreFresh: Checker = entries => {
  const operations = entries.filter((entry): entry is Operation => entry.type === 'operation');
  const acknowledgedAt = new Map(
    operations
      .filter(({ action, outcome }) => action === 'create' && outcome === 'ok')
      .map(({ key, until }) => [key, until]),
  );
  const reads = operations.filter(({ action, outcome }) => action === 'find' && outcome === 'ok');
  const stale = reads.filter(
    ({ key, value, from, isLocal }) =>
      value === MISSING && isLocal !== true && (acknowledgedAt.get(key) ?? Number.POSITIVE_INFINITY) <= from,
  );
  const problems = stale.map(
    ({ key, from, zone }) =>
      `${key} was not found at ${from.toFixed(0)} ms${zone === undefined ? '' : ` in ${zone}`}, ` +
      `acknowledged at ${acknowledgedAt.get(key)?.toFixed(0)} ms`,
  );
  return finding('fresh reads', reads.length, problems, { reads: reads.length });
};
