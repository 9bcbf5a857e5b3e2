/**
 * Which record sets of one name and type answer a question: their routing policy, and their health (Route 53 Developer
 * Guide, "How Amazon Route 53 chooses records when health checking is configured"). When none is healthy, all count as
 * healthy: an answer that may not work is better than none.
 */
import { pick, type Random, randomInt } from '@stormglass/base';
import { policyOf } from './check-group.ts';
import type { RecordSet } from './records.ts';

export interface ChoiceContext {
  readonly isHealthy: (set: RecordSet) => boolean;
  /** Region of whoever asks, for latency record sets. */
  readonly region: string;
  readonly random: Random;
}

const MULTIVALUE_MAX = 8;

/** The record sets that answer; several only for multivalue answers, none only for locations that nobody is in. */
export function choose(sets: readonly RecordSet[], context: ChoiceContext): readonly RecordSet[] {
  const [first] = sets;
  if (first === undefined) return [];
  switch (policyOf(first)) {
    case 'simple':
      return [first];
    case 'weighted':
      return [weighted(sets, context)];
    case 'latency':
      return [nearest(healthyOrAll(sets, context), context.region)];
    case 'failover':
      return [failover(sets, context)];
    case 'multivalue answer':
      return sample(healthyOrAll(sets, context), MULTIVALUE_MAX, context.random);
    case 'geolocation':
      // Nobody's location is known here: only the default record set can be meant.
      return sets.filter(({ geo }) => geo?.country === '*');
  }
}

/** Whether the record sets of a name and type count as healthy for an alias that evaluates them: one of them is. */
export const anyHealthy = (sets: readonly RecordSet[], isHealthy: ChoiceContext['isHealthy']): boolean =>
  sets.some(isHealthy);

function healthyOrAll(sets: readonly RecordSet[], { isHealthy }: ChoiceContext): readonly RecordSet[] {
  const healthy = sets.filter(isHealthy);
  return healthy.length > 0 ? healthy : sets;
}

/** Record sets of weight 0 answer only when no healthy one has more; if all have 0, each is as likely as the others. */
function weighted(sets: readonly RecordSet[], context: ChoiceContext): RecordSet {
  const candidates = healthyOrAll(sets, context);
  const total = candidates.reduce((sum, { weight = 0 }) => sum + weight, 0);
  if (total === 0) return pick(context.random, candidates);
  let drawn = context.random.next() * total;
  const chosen = candidates.find(({ weight = 0 }) => (drawn -= weight) < 0);
  return chosen ?? candidates.findLast(({ weight = 0 }) => weight > 0)!;
}

/** The region itself, else one of the same area (`eu-`), else the first by name. */
function nearest(sets: readonly RecordSet[], region: string): RecordSet {
  const area = region.slice(0, region.indexOf('-') + 1);
  const byName = sets.toSorted((a, b) => (a.region! < b.region! ? -1 : 1));
  return byName.find(set => set.region === region) ?? byName.find(set => set.region!.startsWith(area)) ?? byName[0]!;
}

function failover(sets: readonly RecordSet[], { isHealthy }: ChoiceContext): RecordSet {
  const primary = sets.find(set => set.failover === 'PRIMARY');
  const secondary = sets.find(set => set.failover === 'SECONDARY');
  if (primary === undefined) return secondary!;
  if (secondary === undefined || isHealthy(primary)) return primary;
  return isHealthy(secondary) ? secondary : primary;
}

/** Up to `max` of the items, in random order. */
export function sample<Item>(items: readonly Item[], max: number, random: Random): readonly Item[] {
  const shuffled = [...items];
  for (let i = shuffled.length - 1; i > 0; i--) {
    const j = randomInt(random, i + 1);
    [shuffled[i], shuffled[j]] = [shuffled[j]!, shuffled[i]!];
  }
  return shuffled.slice(0, max);
}
