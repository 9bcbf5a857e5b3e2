/**
 * The operations of CloudTrail. Differences from AWS that belong to one operation stand in its file, as `gaps`; those of
 * the service as a whole are here. `docs/compatibility.md` is generated from both.
 */
import type { AnyOperation } from '@stormglass/service-kit';
import type { CloudTrailDeps } from '../deps.ts';
import { addTags } from './add-tags.ts';
import { createTrail } from './create-trail.ts';
import { deleteTrail } from './delete-trail.ts';
import { describeTrails } from './describe-trails.ts';
import { getEventSelectors } from './get-event-selectors.ts';
import { getTrail } from './get-trail.ts';
import { getTrailStatus } from './get-trail-status.ts';
import { listTags } from './list-tags.ts';
import { listTrails } from './list-trails.ts';
import { lookupEvents } from './lookup-events.ts';
import { putEventSelectors } from './put-event-selectors.ts';
import { removeTags } from './remove-tags.ts';
import { startLogging } from './start-logging.ts';
import { stopLogging } from './stop-logging.ts';
import { updateTrail } from './update-trail.ts';

export const GAPS: readonly string[] = [
  'Calls of all services are recorded, and found with LookupEvents; trails deliver them to buckets of their region, one log file a trail every five minutes (`--trail-delivery`) or a thousand events. What has not been delivered is kept as long as LookupEvents has it: the newest 50,000 events of all accounts.',
  'A trail of all regions delivers the events of its own region alone.',
  'There are management events only: no data events, network activity events, insights, event data stores, channels, queries and dashboards.',
  'Events are kept on the disk of the zone that answered until the log has them; its page cache is not flushed for it, so the power of the machine, other than that of a zone, may take those of the last moment.',
];

export const OPERATIONS: readonly AnyOperation<CloudTrailDeps>[] = [
  addTags,
  createTrail,
  deleteTrail,
  describeTrails,
  getEventSelectors,
  getTrail,
  getTrailStatus,
  listTags,
  listTrails,
  lookupEvents,
  putEventSelectors,
  removeTags,
  startLogging,
  stopLogging,
  updateTrail,
];
