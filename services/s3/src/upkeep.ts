/** What S3 does in every zone beside answering calls: carries out lifecycle rules, and tells of changes. */
import type { Clock, Logger, Random } from '@stormglass/base';
import type { ObjectIndex } from '@stormglass/object-index';
import type { HttpHostOptions } from '@stormglass/service-kit';
import type { ObjectReplica } from './deps.ts';
import { LifecycleRunner } from './lifecycle/lifecycle-runner.ts';
import { EventFeed } from './notifications/event-feed.ts';
import { mountEvents } from './notifications/event-stream.ts';
import { publishEvents } from './notifications/publish-events.ts';
import { newVersionId } from './object-data/ids.ts';

export interface S3UpkeepOptions {
  readonly machine: Pick<ObjectIndex, 'onChange' | 'view'>;
  readonly index: ObjectReplica;
  /** Its timers are those of the background. */
  readonly clock: Clock;
  readonly random: Random;
  readonly logger: Logger;
  /** How long a day is for lifecycle rules, in ms. */
  readonly lifecycleDayMs: number;
}

export interface S3Upkeep {
  /** The stream of events, for the host. */
  readonly mount: NonNullable<HttpHostOptions['mounts']>[number];
  /** Begins with lifecycles; the replica has started by then. */
  start(): void;
  stop(): Promise<void>;
}

/** Hears of changes from now on. */
export function s3Upkeep(options: S3UpkeepOptions): S3Upkeep {
  const { machine, index, clock, random, lifecycleDayMs } = options;
  const feed = new EventFeed();
  const stopListening = machine.onChange(publishEvents(feed, machine.view));
  const lifecycles = new LifecycleRunner({
    ...options,
    replica: index,
    dayMs: lifecycleDayMs,
    newVersionId: () => newVersionId(random),
  });
  return {
    mount: mountEvents(feed, clock),
    start: () => lifecycles.start(),
    async stop() {
      stopListening();
      await lifecycles.stop();
    },
  };
}
