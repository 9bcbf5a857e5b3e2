/** Makes events of what changes in buckets that have Amazon EventBridge switched on in their notification configuration. */
import type { IndexChange, Json, ObjectIndexView } from '@stormglass/object-index';
import type { EventFeed } from './event-feed.ts';
import { eventRecord } from './event-record.ts';

/** What `ObjectIndex.onChange` is to tell. */
export const publishEvents =
  (feed: EventFeed, view: Pick<ObjectIndexView, 'bucket'>) =>
  (change: IndexChange): void => {
    if (change.kind === 'replaced') return feed.beginAnew();
    if (change.kind !== 'object') return;
    const bucket = view.bucket(change.bucket);
    if (bucket === undefined || !isOn(bucket.config.notification)) return;
    const { sequencer } = change;
    feed.publish({ sequencer, bucket: bucket.name, text: JSON.stringify(eventRecord(change, bucket)) });
  };

const isOn = (notification: Json | undefined): boolean =>
  typeof notification === 'object' && notification !== null && 'EventBridgeConfiguration' in notification;
