/** Takes events that other processes bring: containers of the zone, and zones of other regions. */
import { errorStory, type Logger } from '@stormglass/base';
import { INTERNAL } from '@stormglass/contracts';
import { LogUnavailable } from '@stormglass/replicated-state';
import type { AuditEvent } from '@stormglass/service-kit';
import type { RegionAnswer, RegionRoutes } from '../region-routes.ts';
import { MalformedEvents, readCarried } from './carried-events.ts';

/** Takes events to a trail; resolves when they are safe. */
type Record = (events: readonly AuditEvent[]) => Promise<void>;

/** The routes of a host that knows a way to some trails, by region; without any there are no routes. */
export function auditRoutes(ways: Readonly<{ [region: string]: Record | undefined }>, logger: Logger): RegionRoutes {
  const known = new Map(Object.entries(ways).filter((way): way is [string, Record] => way[1] !== undefined));
  return known.size === 0 ? {} : { [`POST ${INTERNAL.auditEvents}`]: ({ body }) => take(body, known, logger) };
}

async function take(body: unknown, ways: ReadonlyMap<string, Record>, logger: Logger): Promise<RegionAnswer> {
  try {
    const events = readCarried(body, [...ways.keys()]);
    const byRegion = Map.groupBy(events, ({ index }) => index.region);
    await Promise.all([...byRegion].map(([region, its]) => ways.get(region)?.(its)));
    return { status: 200, json: { taken: events.length } };
  } catch (error) {
    if (error instanceof MalformedEvents) return { status: 400, json: { message: error.message } };
    if (!(error instanceof LogUnavailable)) logger.error('events were not taken', { error: errorStory(error) });
    return { status: 503, json: { message: (error as Error).message } };
  }
}
