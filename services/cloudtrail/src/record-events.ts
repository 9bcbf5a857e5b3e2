/** Events into the log: what the shipper of a zone, and events of other regions, end in. */
import type { Clock } from '@stormglass/base';
import type { AuditEvent } from '@stormglass/service-kit';
import type { CloudTrailReplica } from './deps.ts';
import { packEvents } from './state/packed-events.ts';

/** How long the log is waited for before whoever brings events must try again, in ms. */
const PATIENCE_MS = 5000;

/**
 * Resolves when the events are in the log; those that are there already stay as they are.
 * @throws LogUnavailable when the log did not confirm it in time
 */
export async function recordEvents(
  replica: CloudTrailReplica,
  clock: Clock,
  events: readonly AuditEvent[],
): Promise<void> {
  await replica.execute(packEvents(events), { deadline: clock.monotonic() + PATIENCE_MS });
}
