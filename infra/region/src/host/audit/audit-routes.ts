/** Takes events that other processes bring: containers of the zone, and zones of other regions. */
import { errorStory, type Logger } from '@stormglass/base';
import { INTERNAL } from '@stormglass/contracts';
import { LogUnavailable } from '@stormglass/replicated-state';
import type { AuditEvent } from '@stormglass/service-kit';
import type { RegionAnswer, RegionRoutes } from '../region-routes.ts';
import { MalformedEvents, readCarried } from './carried-events.ts';

/** `record` resolves when events are in the log of `region`; without it there are no routes. */
export const auditRoutes = (
  region: string,
  record: ((events: readonly AuditEvent[]) => Promise<void>) | undefined,
  logger: Logger,
): RegionRoutes =>
  record === undefined ? {} : { [`POST ${INTERNAL.auditEvents}`]: ({ body }) => take(body, region, record, logger) };

async function take(
  body: unknown,
  region: string,
  record: (events: readonly AuditEvent[]) => Promise<void>,
  logger: Logger,
): Promise<RegionAnswer> {
  try {
    const events = readCarried(body, region);
    await record(events);
    return { status: 200, json: { taken: events.length } };
  } catch (error) {
    if (error instanceof MalformedEvents) return { status: 400, json: { message: error.message } };
    if (!(error instanceof LogUnavailable)) logger.error('events were not taken', { error: errorStory(error) });
    return { status: 503, json: { message: (error as Error).message } };
  }
}
