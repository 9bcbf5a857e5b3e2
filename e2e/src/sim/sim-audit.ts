/** Every acknowledged call that changed something has its event, exactly once, in every zone. */
import { recordsOf } from '@stormglass/cloudtrail';
import type { SimRegion } from './sim-region.ts';

/** What is wrong with the trail of `account`, given the request ids of calls that were acknowledged. */
export function auditViolations(region: SimRegion, account: string, acknowledged: ReadonlySet<string>): string[] {
  return region.zones.flatMap(({ id, running }) => {
    const view = running?.parts.cloudtrail?.view;
    if (view === undefined) return [];
    const counts = new Map<string, number>();
    for (const record of recordsOf(view, account)) {
      const { requestID } = JSON.parse(record) as { requestID: string };
      counts.set(requestID, (counts.get(requestID) ?? 0) + 1);
    }
    const lost = [...acknowledged].filter(requestId => !counts.has(requestId));
    const doubled = [...counts].filter(([, count]) => count > 1);
    return [
      ...lost.map(requestId => `${id} has no event of ${requestId}, which was acknowledged`),
      ...doubled.map(([requestId, count]) => `${id} has ${count} events of ${requestId}`),
    ];
  });
}
