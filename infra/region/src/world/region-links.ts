/** What lies between regions: links that are long and may be narrow, as rules that stand whatever else is broken. */
import type { LinkRule } from '@stormglass/faults';
import { everyPlaceOf, othersOf, type Region } from '../topology.ts';

export interface RegionLinks {
  /** From one region to another and back, in ms. */
  readonly latencyMs: number;
  /** Of one connection, each way; as much as there is unless said. */
  readonly bytesPerSecond?: number | undefined;
}

/** The rules on the links between regions, of every pair of one partition. They are no faults: nobody can mend them. */
export function standingRules(regions: readonly Region[], links: RegionLinks): readonly LinkRule[] {
  const pairs = regions.flatMap((region, i) =>
    othersOf(region, regions.slice(i)).map(other => [region, other] as const),
  );
  return pairs.flatMap(([{ name: from }, { name: to }]) => {
    const between = { from: everyPlaceOf(from), to: everyPlaceOf(to), oneWay: false, toxicity: 1, seed: 1 };
    const rule = (fault: string, settings: LinkRule['settings']): LinkRule => ({
      ...{ id: `standing-${fault}-${from}-${to}`, fault, settings, ...between },
    });
    const { latencyMs, bytesPerSecond } = links;
    return [
      ...(latencyMs === 0 ? [] : [rule('latency', { latencyMs: latencyMs / 2, jitterMs: 0 })]),
      ...(bytesPerSecond === undefined ? [] : [rule('bandwidth', { bytesPerSecond })]),
    ];
  });
}
