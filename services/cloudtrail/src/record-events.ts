/** Events into the log, what the shipper of a zone and events of other regions end in; and out of it again. */
import type { Clock } from '@stormglass/base';
import type { AuditEvent } from '@stormglass/service-kit';
import type { CloudTrailReplica } from './deps.ts';
import { packEvents, unpackRecords } from './state/packed-events.ts';
import type { CloudTrailView } from './state/state.ts';

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

/** The records of all events of an account, the newest first: for those who judge what is there. */
export function* recordsOf(view: CloudTrailView, accountId: string): Iterable<string> {
  for (const { records, place } of view.events(accountId)) yield unpackRecords(records)[place]!;
}
