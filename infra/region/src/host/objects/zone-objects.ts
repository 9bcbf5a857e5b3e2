/**
 * S3's part of a zone: the index of buckets and objects in a file on the zone's disk, the bytes of large objects beside
 * it, copies of them in the other zones, and what keeps those copies as they should be.
 */
import { join } from 'node:path';
import { type Clock, defined, errorStory, type Logger, partitionOf, type Random } from '@stormglass/base';
import { ObjectKeys, openBlobFiles, Sealers } from '@stormglass/blob-store';
import type { DeliverLog } from '@stormglass/cloudtrail';
import type { ObjectsReport, Periods } from '@stormglass/contracts';
import type { BeforeWrite, BlobDamage } from '@stormglass/faults';
import { ObjectIndex } from '@stormglass/object-index';
import {
  createS3Service,
  deliverForService,
  type ObjectReplica,
  type S3Deps,
  type S3Upkeep,
  s3Upkeep,
} from '@stormglass/s3';
import type { RegionRoutes } from '../region-routes.ts';
import type { BlobPeers } from './blob-peers.ts';
import { type BlobRoutes, blobRoutes } from './blob-routes.ts';
import { bucketRoutes } from './bucket-regions.ts';
import { damageBlobs } from './damage-blobs.ts';
import { InFlight } from './in-flight.ts';
import { ObjectKeeper } from './object-keeper.ts';
import { ReplicatedBytes } from './replicated-bytes.ts';

/** What a host has for the objects of its zone. */
export interface ObjectStoreParts {
  /** On the zone's disk. */
  readonly folder: string;
  readonly beforeWrite: BeforeWrite;
  /** What is to happen to blobs on that disk. */
  readonly damage: BlobDamage;
  /** The region's master key, base64. */
  readonly masterKey: string;
  readonly peers: BlobPeers;
  readonly periods: Periods;
  /** The other region that has a bucket; without it there are no other regions. */
  readonly bucketRegion?: S3Deps['bucketRegion'] | undefined;
}

export interface ZoneObjectsOptions extends ObjectStoreParts {
  readonly zone: string;
  readonly region: string;
  /** Starts the zone's replica of the index. */
  readonly replicaOf: (machine: ObjectIndex) => ObjectReplica;
  readonly clock: Clock;
  readonly random: Random;
  readonly logger: Logger;
}

export interface ZoneObjects {
  readonly replica: ObjectReplica;
  /** The stream of events, for clients. */
  readonly mount: S3Upkeep['mount'];
  /** Answers the other zones. */
  readonly routes: BlobRoutes;
  /** Answers zones of other regions. */
  readonly forRegions: RegionRoutes;
  service(around: Pick<S3Deps, 'iam'>): ReturnType<typeof createS3Service>;
  /** Takes log files of CloudTrail for buckets of this region. */
  deliverLog(around: Pick<S3Deps, 'iam'>): DeliverLog;
  /** Begins to keep copies, and with lifecycles; the replica has started by then. */
  start(): void;
  report(): Promise<ObjectsReport>;
  /** Reads all blobs of the zone again. */
  scrubNow(): void;
  close(): Promise<void>;
}

const DAY_MS = 24 * 3_600_000;

export async function openZoneObjects(options: ZoneObjectsOptions): Promise<ZoneObjects> {
  const { folder, beforeWrite, masterKey, peers, zone, region, clock, random, bucketRegion } = options;
  const { lifecycleDayMs = DAY_MS, objectGraceMs: graceMs } = options.periods;
  const logger = options.logger.with({ part: 'objects' });
  const blobFolder = join(folder, 'blobs');
  const files = await openBlobFiles({ folder: blobFolder, beforeWrite, logger });
  const machine = ObjectIndex.open({ path: join(folder, 'index.sqlite'), beforeWrite, logger });
  const replica = options.replicaOf(machine);
  const inFlight = new InFlight();
  const { view } = replica;
  const shared = { zone, files, peers, inFlight, clock, logger };
  const keeper = new ObjectKeeper({ ...shared, index: replica, graceMs });
  const isNamed = (id: string) => view.hasBlob(id);
  const onDamaged = (id: string) => keeper.damaged(id);
  const sealers = new Sealers();
  const bytes = new ReplicatedBytes({
    ...{ ...shared, isNamed, onDamaged, onMissing: id => keeper.missing(id), random, sealers },
    keys: new ObjectKeys(Buffer.from(masterKey, 'base64'), random),
  });
  const upkeep = s3Upkeep({ machine, index: replica, clock, random, logger, lifecycleDayMs });
  options.damage.listen(rule => {
    damageBlobs(rule, blobFolder, files).then(
      count => logger.warn('objects: damaged by a fault', { fault: rule.id, damage: rule.damage, count }),
      (error: unknown) => logger.error('objects: a fault could not be done', { error: errorStory(error) }),
    );
  });
  const stopListening = machine.onChange(change => keeper.changed(change));
  const depsWith = (iam: S3Deps['iam']): S3Deps => ({
    ...{ index: replica, bytes, iam, random, clock, logger, region, zone },
    zones: [zone, ...peers.zones].sort(),
    lifecycleDayMs,
    ...defined({ bucketRegion }),
  });
  return {
    replica,
    mount: upkeep.mount,
    routes: blobRoutes({ ...shared, isNamed, onDamaged }),
    forRegions: bucketRoutes(replica, clock),
    service: ({ iam }) => createS3Service(depsWith(iam)),
    deliverLog:
      ({ iam }) =>
      ({ bucket, key, accountId, trailArn, file }) =>
        deliverForService(depsWith(iam), partitionOf(region), {
          ...{ service: 'cloudtrail.amazonaws.com', sourceArn: trailArn, sourceAccount: accountId, bucket, key },
          ...{ contentType: 'application/json', contentEncoding: 'gzip' },
          ...(file && { body: file }),
        }),
    start() {
      keeper.start();
      upkeep.start();
    },
    report: () => keeper.report(),
    scrubNow: () => keeper.scrubNow(),
    async close() {
      stopListening();
      await Promise.all([keeper.close(), upkeep.stop()]);
      peers.close();
      await sealers.close();
    },
  };
}
